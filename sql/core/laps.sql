-- Grain: race_id, car_number, lap_number
-- Incremental: race_id
CREATE OR REPLACE TABLE core.laps AS
SELECT
  ids.race_id,
  laps.car_number,
  results.driver_id,
  laps.lap_number,
  laps.lap_time_seconds,
  laps.lap_speed_mph,
  laps.running_position,
  laps.source_id,
  laps.document_id
FROM staging.source_laps AS laps
INNER JOIN core.source_races AS ids ON laps.source_id = ids.source_id AND laps.race_key = ids.race_key
-- The lap times decorate names with marks of the weekend; the entry says whose car it is.
LEFT JOIN core.results AS results
  ON ids.race_id = results.race_id AND laps.car_number = results.car_number AND results.is_starter;
COMMENT ON TABLE core.laps IS 'Lap times, of the races that were ingested with laps';
COMMENT ON COLUMN core.laps.lap_number IS 'The lap; 0 is the run to the green flag';
COMMENT ON COLUMN core.laps.lap_time_seconds IS 'Time of the lap in seconds, NULL where not measured';
COMMENT ON COLUMN core.laps.lap_speed_mph IS 'Speed of the lap in miles an hour';
COMMENT ON COLUMN core.laps.running_position IS 'Place at the end of the lap';
