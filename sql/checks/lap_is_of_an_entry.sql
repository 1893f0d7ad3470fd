-- Severity: warn
-- Incremental: race_id
SELECT
  race_id || ' ' || car_number AS row_key,
  count(*) AS laps
FROM core.laps
WHERE driver_id IS NULL
GROUP BY race_id, car_number
