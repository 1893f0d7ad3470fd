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
FROM staging.almanac_finishes
UNION ALL BY NAME
-- A collected margin names its race, which no other file of the almanac need list.
SELECT
  margins.race_id AS race_key,
  'almanac' AS reading,
  margins.series_id,
  margins.season,
  margins.race_number,
  if(margins.race_number IS NULL, try_cast(ltrim(split_part(margins.race_id, '-', 3), 'x') AS INTEGER), NULL) AS exhibition_number,
  TRUE AS is_keyed_by_our_ids,
  min(margins.race_date) AS race_date,
  min(margins.race_name) AS race_name,
  min(margins.track_name) AS track_key,
  min(margins.track_name) AS track_name,
  min(margins.winner) AS winner_name,
  margins.race_number IS NOT NULL AS awards_points,
  margins.race_number IS NOT NULL AS counts_as_official_win,
  min(margins.document_id) AS document_id
FROM staging.almanac_margins AS margins
ANTI JOIN staging.almanac_finishes AS finishes ON margins.race_id = finishes.race_id
GROUP BY margins.race_id, margins.series_id, margins.season, margins.race_number;
COMMENT ON VIEW staging.almanac__races IS 'The races of whose finish the almanac has a row, in the form of staging.source_races';
