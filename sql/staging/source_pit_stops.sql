-- Grain: source_id, race_key, car_number, stop_number
-- The columns of every staging.<source>__pit_stops, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_pit_stops AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::VARCHAR AS car_number,
  NULL::INTEGER AS stop_number,
  NULL::INTEGER AS lap_number,
  NULL::INTEGER AS leader_lap,
  NULL::VARCHAR AS flag,
  NULL::DECIMAL(9, 3) AS pit_in_seconds,
  NULL::DECIMAL(9, 3) AS pit_out_seconds,
  NULL::DECIMAL(9, 3) AS pit_road_seconds,
  NULL::DECIMAL(9, 3) AS stop_seconds,
  NULL::VARCHAR AS stop_type,
  NULL::INTEGER AS tires_changed,
  NULL::INTEGER AS position_before,
  NULL::INTEGER AS position_after,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_pit_stops IS 'Pit stops during a race, one form for all sources';
COMMENT ON COLUMN staging.source_pit_stops.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_pit_stops.stop_number IS 'The stop of the car, from 1';
COMMENT ON COLUMN staging.source_pit_stops.lap_number IS 'The lap of the car when it came in, as the source counts';
COMMENT ON COLUMN staging.source_pit_stops.leader_lap IS 'The lap of the leader then';
COMMENT ON COLUMN staging.source_pit_stops.flag IS 'The flag when it came in: green, yellow or red; unknown where the source has another number';
COMMENT ON COLUMN staging.source_pit_stops.pit_in_seconds IS 'When it entered pit road, in seconds of the race';
COMMENT ON COLUMN staging.source_pit_stops.pit_out_seconds IS 'When it left pit road, in seconds of the race; NULL if it did not, or unknown';
COMMENT ON COLUMN staging.source_pit_stops.pit_road_seconds IS 'Time on pit road in seconds';
COMMENT ON COLUMN staging.source_pit_stops.stop_seconds IS 'Time that it stood in its box, in seconds';
COMMENT ON COLUMN staging.source_pit_stops.stop_type IS 'What kind of stop the source says it was, such as four_wheel_change, two_wheel_change_right or other';
COMMENT ON COLUMN staging.source_pit_stops.tires_changed IS 'Tires that were changed, 0 to 4';
COMMENT ON COLUMN staging.source_pit_stops.position_before IS 'Running position when it came in';
COMMENT ON COLUMN staging.source_pit_stops.position_after IS 'Running position when it went out';
