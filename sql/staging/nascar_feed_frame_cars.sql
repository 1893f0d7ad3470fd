-- Grain: race_id_nascar_feed, car_number
CREATE OR REPLACE VIEW staging.nascar_feed_frame_cars AS
SELECT
  race_id AS race_id_nascar_feed,
  car_number,
  nullif(running_position, 0) AS running_position,
  nullif(driver_id, 0) AS driver_id_nascar_feed,
  -- Behind the leader, at the car's last timing loop; negative figures are laps.
  if(delta >= 0, delta::DECIMAL(9, 3), NULL) AS delta_seconds,
  vehicle_elapsed_time::DECIMAL(9, 3) AS elapsed_seconds,
  laps_completed,
  laps_in_race,
  -- 4 is the chequered flag, 9 the state after it.
  flag_state IN (4, 9) AND laps_to_go <= 0 AS is_finished,
  document_id,
  loaded_at
FROM raw.nascar_feed_frame_cars;
COMMENT ON VIEW staging.nascar_feed_frame_cars IS 'The cars in the last frame of the live feed of a race, cast';
COMMENT ON COLUMN staging.nascar_feed_frame_cars.elapsed_seconds IS 'Seconds from the start of the race to the car''s last timing loop';
