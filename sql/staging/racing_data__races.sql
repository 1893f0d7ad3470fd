-- Grain: race_key
CREATE OR REPLACE VIEW staging.racing_data__races AS
SELECT
  race_key,
  'racing_data' AS reading,
  series_id,
  season,
  race_number,
  race_date,
  race_name,
  track_key,
  track_name,
  winner AS winner_name,
  lap_length_miles::DECIMAL(9, 3) AS lap_length_miles,
  distance_miles,
  average_speed_mph,
  pole_speed_mph,
  cautions,
  lead_changes,
  starters,
  document_id
FROM staging.racing_data_races
-- A race to be run has none.
WHERE winner IS NOT NULL;
COMMENT ON VIEW staging.racing_data__races IS 'The races of Racing-Reference''s season tables in the form of staging.source_races';
