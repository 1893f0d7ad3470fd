-- Severity: warn
-- Who drove two cars is credited with the one in which he started.
WITH suspects AS (
  -- Numbers are counted faster than names.
  SELECT hash(race_id, driver_id) AS entry_hash
  FROM core.results
  WHERE is_starter
  GROUP BY hash(race_id, driver_id)
  HAVING count(*) > 1
)
SELECT
  race_id || ' ' || driver_id AS row_key,
  min(car_number) AS car_number,
  max(car_number) AS other_car_number
FROM core.results
WHERE is_starter AND driver_id IS NOT NULL AND hash(race_id, driver_id) IN (SELECT suspects.entry_hash FROM suspects)
GROUP BY race_id, driver_id
HAVING count(*) > 1
