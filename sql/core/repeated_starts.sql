-- Grain: race_id, driver_id
-- Incremental: race_id
CREATE OR REPLACE TABLE core.repeated_starts AS
SELECT
  race_id,
  driver_id,
  cast(count(*) AS INTEGER) AS cars,
  min(finish_position) AS finish_position
FROM core.results
WHERE is_starter AND driver_id IS NOT NULL
GROUP BY race_id, driver_id
HAVING count(*) > 1;
COMMENT ON TABLE core.repeated_starts IS 'Drivers whom a race lists with two cars; a driver starts once, so that the better place counts';
COMMENT ON COLUMN core.repeated_starts.cars IS 'The number of cars with the driver in the results of the race';
COMMENT ON COLUMN core.repeated_starts.finish_position IS 'The best place of these cars';
