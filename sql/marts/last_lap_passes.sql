-- Grain: race_id
CREATE OR REPLACE VIEW marts.last_lap_passes AS
SELECT
  finish.series_id,
  finish.race_id,
  finish.season,
  finish.race_number,
  finish.race_date,
  finish.race_name,
  finish.lap_number,
  finish.driver_id,
  finish.driver_name,
  earlier.driver_id AS passed_driver_id,
  earlier.driver_name AS passed_driver,
  finish.source_id,
  finish.document_id
FROM marts.last_ten_laps AS finish
INNER JOIN marts.last_ten_laps AS earlier ON finish.race_id = earlier.race_id AND earlier.laps_to_go = 1
WHERE finish.laps_to_go = 0 AND finish.car_number <> earlier.car_number;
COMMENT ON VIEW marts.last_lap_passes IS 'Races whose leader at the line was another car one lap before the finish, of the races whose leaders are listed';
COMMENT ON COLUMN marts.last_lap_passes.lap_number IS 'The last lap';
COMMENT ON COLUMN marts.last_lap_passes.driver_id IS 'The driver who led at the finish; see core.drivers';
COMMENT ON COLUMN marts.last_lap_passes.driver_name IS 'The driver who led at the finish';
COMMENT ON COLUMN marts.last_lap_passes.passed_driver_id IS 'The driver who led one lap before; see core.drivers';
COMMENT ON COLUMN marts.last_lap_passes.passed_driver IS 'The driver who led one lap before';
