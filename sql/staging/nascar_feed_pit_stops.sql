-- Grain: race_id_nascar_feed, car_number, pit_in_seconds, lap_number
CREATE OR REPLACE VIEW staging.nascar_feed_pit_stops AS
SELECT
  race_id AS race_id_nascar_feed,
  car_number,
  nullif(trim(driver_name), '') AS driver_name,
  leader_lap,
  lap_count AS lap_number,
  staging.flag_of_state(pit_in_flag_status) AS flag,
  -- What was not measured is -1.
  pit_in_race_time::DECIMAL(9, 3) AS pit_in_seconds,
  if(pit_out_race_time >= 0, pit_out_race_time::DECIMAL(9, 3), NULL) AS pit_out_seconds,
  if(total_duration >= 0, total_duration::DECIMAL(9, 3), NULL) AS pit_road_seconds,
  if(pit_stop_duration >= 0, pit_stop_duration::DECIMAL(9, 3), NULL) AS stop_seconds,
  lower(nullif(trim(pit_stop_type), '')) AS stop_type,
  left_front_tire_changed AS is_left_front_changed,
  left_rear_tire_changed AS is_left_rear_changed,
  right_front_tire_changed AS is_right_front_changed,
  right_rear_tire_changed AS is_right_rear_changed,
  nullif(pit_in_rank, 0) AS position_before,
  nullif(pit_out_rank, 0) AS position_after,
  document_id,
  loaded_at
FROM raw.nascar_feed_pit_stops;
COMMENT ON VIEW staging.nascar_feed_pit_stops IS 'The ways through pit road of the feed, cast';
