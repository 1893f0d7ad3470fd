-- Grain: race_key, driver_name, car_number (may be NULL)
CREATE OR REPLACE VIEW staging.racing_data_results AS
SELECT
  race_id AS race_key,
  season::INTEGER AS season,
  nullif(finish_position::INTEGER, 0) AS finish_position,
  -- A place and a count have no sign: -1 stands for unknown. Points have one, for a penalty.
  -- No grid has a thousand cars, and the columns of averages hold no more.
  nullif(try_cast(if(length(starting_position) <= 3, starting_position, NULL) AS USMALLINT)::INTEGER, 0) AS start_position,
  nullif(trim(driver_number), '') AS car_number,
  nullif(trim(driver_name), '') AS driver_name,
  nullif(trim(driver_nationality), 'none') AS nationality,
  nullif(trim(sponsor), '') AS sponsor,
  nullif(replace(trim(owner_id), '_', ' '), '') AS owner_name,
  nullif(trim(car), '') AS car,
  lower(nullif(trim(regexp_replace(car, '^''[0-9]{2} ', '')), '')) AS make_text,
  try_cast(race_laps_run AS USMALLINT)::INTEGER AS laps_completed,
  try_cast(race_money AS BIGINT) AS winnings_usd,
  lower(trim(race_status)) AS status_text,
  try_cast(race_laps_lead AS USMALLINT)::INTEGER AS laps_led,
  try_cast(points_earned AS INTEGER) AS points,
  try_cast(playoff_points_earned AS INTEGER) AS playoff_points,
  document_id,
  loaded_at
FROM raw.racing_data_results;
COMMENT ON VIEW staging.racing_data_results IS 'The results of Racing-Reference, cast; a dash stands for unknown';
