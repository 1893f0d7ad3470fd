-- Grain: series_id, season, race_number, document_id
CREATE OR REPLACE VIEW staging.racing_reference_archive AS
SELECT
  series_id,
  season,
  race_number,
  races_in_season,
  series_name,
  strptime(race_date, '%B %d, %Y')::DATE AS race_date,
  weekday AS stated_weekday,
  race_name,
  track AS track_name,
  place,
  laps::INTEGER AS laps_completed,
  is_shortened,
  lap_length::DECIMAL(9, 3) AS lap_length_miles,
  regexp_replace(surface, ' track$', '') AS surface,
  distance::DECIMAL(9, 3) AS distance_miles,
  -- Older pages say after the time that the race ended under caution.
  staging.race_time_seconds(
    regexp_replace(
      if(length(race_time) - length(replace(race_time, ':', '')) = 1, '0:' || lpad(race_time, 5, '0'), race_time),
      ' ?\([^()]*\)$', ''
    )
  ) AS race_time_seconds,
  try_cast(regexp_extract(average_speed, '^([0-9.]+) mph$', 1) AS DECIMAL(7, 3)) AS average_speed_mph,
  try_cast(regexp_extract(cautions, '^[0-9]+') AS USMALLINT)::INTEGER AS cautions,
  try_cast(regexp_extract(cautions, ' for ([0-9]+) laps?$', 1) AS USMALLINT)::INTEGER AS caution_laps,
  try_cast(lead_changes AS USMALLINT)::INTEGER AS lead_changes,
  try_cast(regexp_extract(pole_speed, '^([0-9.]+) mph', 1) AS DECIMAL(7, 3)) AS pole_speed_mph,
  pole_speed AS pole_speed_text,
  margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  captured_at::TIMESTAMPTZ AS captured_at,
  -- The address of the page, with what an archive says of its copy in the fragment.
  page_url || '#' || concat_ws(
    '&', 'archive=' || archive, 'captured_at=' || captured_at, 'digest=sha1:' || digest
  ) AS source_url,
  document_id,
  loaded_at
FROM raw.racing_reference_archive;
COMMENT ON VIEW staging.racing_reference_archive IS 'Race pages that archives kept, cast; what a page calls n/a is NULL, but for the texts of pole speed and margin';
