-- Grain: race_key, driver_name, car_number (may be NULL)
CREATE OR REPLACE VIEW staging.nascar_results_results AS
SELECT
  race_key,
  series_id,
  season::INTEGER AS season,
  race::INTEGER AS race_number_listed,
  trim(track) AS track_key,
  nullif(trim(name), '') AS race_name,
  nullif(length, 0)::DECIMAL(7, 3) AS lap_length_miles,
  nullif(trim(surface), '') AS surface,
  finish::INTEGER AS finish_position,
  nullif(start, 0)::INTEGER AS start_position,
  nullif(trim(car), '') AS car_number,
  trim(driver) AS driver_name,
  nullif(nullif(trim(team), ''), '-') AS team_name,
  nullif(lower(trim(make)), '-') AS make_text,
  laps::INTEGER AS laps_completed,
  led::INTEGER AS laps_led,
  lower(nullif(trim(status), '')) AS status_text,
  pts::INTEGER AS points,
  -- The place at the end of the stage; 0 or nothing is none of the first ten.
  nullif(s1, 0)::INTEGER AS stage_1_position,
  nullif(s2, 0)::INTEGER AS stage_2_position,
  -- No rating is 0: races of 1963 and 1967 have it where there is none.
  nullif(rating, 0)::DECIMAL(5, 1) AS driver_rating,
  document_id,
  loaded_at
FROM raw.nascar_results_results;
COMMENT ON VIEW staging.nascar_results_results IS 'The results of nascaR.data, cast';
