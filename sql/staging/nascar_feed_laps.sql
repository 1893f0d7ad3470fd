-- Grain: race_id_nascar_feed, car_number, lap_number
CREATE OR REPLACE VIEW staging.nascar_feed_laps AS
SELECT
  race_id AS race_id_nascar_feed,
  trim(car_number) AS car_number,
  nullif(trim(driver_fullname), '') AS driver_name,
  lap AS lap_number,
  nullif(lap_time, 0)::DECIMAL(9, 3) AS lap_time_seconds,
  try_cast(nullif(trim(lap_speed), '') AS DECIMAL(7, 3)) AS lap_speed_mph,
  nullif(running_position, 0) AS running_position,
  document_id,
  loaded_at
FROM raw.nascar_feed_laps;
COMMENT ON VIEW staging.nascar_feed_laps IS 'The lap times of the feed, cast';
