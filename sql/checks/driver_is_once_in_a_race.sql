-- Severity: warn
-- Incremental: race_id
-- A driver who drove two cars is credited with the one that he started in.
SELECT race_id || ' ' || driver_id AS row_key, count(*) AS cars
FROM core.results
WHERE is_starter AND driver_id IS NOT NULL
GROUP BY race_id, driver_id
HAVING count(*) > 1
