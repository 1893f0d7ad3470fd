-- Grain: race_key
CREATE OR REPLACE VIEW staging.racing_reference_archive__races AS
SELECT
  concat_ws('-', series_id, season, lpad(race_number::VARCHAR, 2, '0')) AS race_key,
  'racing_reference_archive' AS reading,
  series_id,
  season::INTEGER AS season,
  race_number::INTEGER AS race_number,
  race_date,
  stated_weekday,
  race_name,
  track_name AS track_key,
  track_name,
  -- With an asterisk the line gives what was scheduled, of a race that was made shorter or longer.
  if(is_shortened, NULL, laps_completed) AS laps_completed,
  lap_length_miles::DECIMAL(9, 3) AS lap_length_miles,
  if(is_shortened, NULL, distance_miles) AS distance_miles,
  race_time_seconds,
  average_speed_mph,
  pole_speed_mph,
  cautions,
  caution_laps,
  lead_changes,
  document_id
FROM staging.racing_reference_archive
-- A race has several addresses: of its copies the newest counts.
QUALIFY row_number() OVER (
  PARTITION BY series_id, season, race_number
  ORDER BY captured_at DESC, document_id ASC
) = 1;
COMMENT ON VIEW staging.racing_reference_archive__races IS 'The races of archived pages in the form of staging.source_races';
