-- Grain: race_key
CREATE OR REPLACE VIEW staging.almanac__races AS
SELECT
  race_id AS race_key,
  'almanac' AS reading,
  series_id,
  season,
  race_number,
  if(race_number IS NULL, try_cast(ltrim(split_part(race_id, '-', 3), 'x') AS INTEGER), NULL) AS exhibition_number,
  TRUE AS is_keyed_by_our_ids,
  race_date,
  race_name,
  track_name AS track_key,
  track_name,
  winner AS winner_name,
  laps_completed,
  average_speed_mph,
  pole_speed_mph,
  awards_points,
  counts_as_official_win,
  document_id
FROM staging.almanac_finishes;
COMMENT ON VIEW staging.almanac__races IS 'The races of whose finish the almanac has a row, in the form of staging.source_races';
