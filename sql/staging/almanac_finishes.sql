-- Grain: race_id
CREATE OR REPLACE VIEW staging.almanac_finishes AS
SELECT
  race_id,
  split_part(race_id, '-', 1) AS series_id,
  split_part(race_id, '-', 2)::INTEGER AS season,
  try_cast(split_part(race_id, '-', 3) AS INTEGER) AS race_number,
  race_date::DATE AS race_date,
  race_name,
  track_name,
  awards_points::BOOLEAN AS awards_points,
  counts_as_official_win::BOOLEAN AS counts_as_official_win,
  winner,
  winner_car_number,
  winner_make,
  runner_up,
  runner_up_car_number,
  runner_up_make,
  laps_completed::INTEGER AS laps_completed,
  average_speed_mph::DECIMAL(7, 3) AS average_speed_mph,
  pole_speed_mph::DECIMAL(7, 3) AS pole_speed_mph,
  margin_text,
  note,
  verification,
  source_url,
  details_source_url,
  document_id,
  loaded_at
FROM raw.almanac_finishes;
COMMENT ON VIEW staging.almanac_finishes IS 'How races were finished, as the almanac states it, cast';
