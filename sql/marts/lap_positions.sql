-- Grain: race_id, lap_number, car_number
CREATE OR REPLACE VIEW marts.lap_positions AS
SELECT
  races.series_id,
  laps.race_id,
  races.season,
  races.race_number,
  races.race_date,
  races.race_name,
  laps.lap_number,
  laps.running_position,
  laps.car_number,
  laps.driver_id,
  drivers.driver_name,
  laps.lap_time_seconds,
  laps.lap_speed_mph,
  laps.source_id,
  laps.document_id
FROM core.laps AS laps
INNER JOIN core.races AS races ON laps.race_id = races.race_id
LEFT JOIN core.drivers AS drivers ON laps.driver_id = drivers.driver_id;
COMMENT ON VIEW marts.lap_positions IS 'The position of each car on each lap, of the races that were ingested with laps';
COMMENT ON COLUMN marts.lap_positions.lap_number IS 'The lap; 0 is the run to the green flag';
COMMENT ON COLUMN marts.lap_positions.running_position IS 'Place at the end of the lap';
COMMENT ON COLUMN marts.lap_positions.lap_time_seconds IS 'Time of the lap in seconds, NULL where not measured';
COMMENT ON COLUMN marts.lap_positions.lap_speed_mph IS 'Speed of the lap in miles an hour';
