-- Grain: race_id, car_number, stop_number
-- Incremental: race_id
CREATE OR REPLACE TABLE core.pit_stops AS
SELECT
  ids.race_id,
  stops.car_number,
  results.driver_id,
  stops.stop_number,
  stops.lap_number,
  stops.leader_lap,
  stops.flag,
  stops.pit_in_seconds,
  stops.pit_out_seconds,
  stops.pit_road_seconds,
  stops.stop_seconds,
  stops.stop_type,
  stops.tires_changed,
  stops.position_before,
  stops.position_after,
  stops.source_id,
  stops.document_id
FROM staging.source_pit_stops AS stops
INNER JOIN core.source_races AS ids ON stops.source_id = ids.source_id AND stops.race_key = ids.race_key
-- As for laps: the entry says whose car it is.
LEFT JOIN core.results AS results
  ON ids.race_id = results.race_id AND stops.car_number = results.car_number AND results.is_starter;
COMMENT ON TABLE core.pit_stops IS 'Ways through pit road during a race, drive-through penalties included, of the races that were ingested with pits';
COMMENT ON COLUMN core.pit_stops.stop_number IS 'The stop of the car, from 1';
COMMENT ON COLUMN core.pit_stops.lap_number IS 'The lap of the car when it came in, as the source counts';
COMMENT ON COLUMN core.pit_stops.leader_lap IS 'The lap of the leader then';
COMMENT ON COLUMN core.pit_stops.flag IS 'The flag when it came in: green, yellow or red; unknown where the source has another number';
COMMENT ON COLUMN core.pit_stops.pit_in_seconds IS 'When it entered pit road, in seconds of the race';
COMMENT ON COLUMN core.pit_stops.pit_out_seconds IS 'When it left pit road, in seconds of the race; NULL if it did not, or unknown';
COMMENT ON COLUMN core.pit_stops.pit_road_seconds IS 'Time on pit road in seconds';
COMMENT ON COLUMN core.pit_stops.stop_seconds IS 'Time that it stood in its box, in seconds';
COMMENT ON COLUMN core.pit_stops.stop_type IS 'What kind of stop the source says it was, such as four_wheel_change, two_wheel_change_right or other';
COMMENT ON COLUMN core.pit_stops.tires_changed IS 'Tires that were changed, 0 to 4';
COMMENT ON COLUMN core.pit_stops.position_before IS 'Running position when it came in';
COMMENT ON COLUMN core.pit_stops.position_after IS 'Running position when it went out';
