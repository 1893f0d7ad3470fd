-- Severity: fail
-- A car is entered once; (race, finishing position) may repeat, in a dead heat.
WITH suspects AS (
  -- Numbers are counted faster than names.
  SELECT hash(race_id, car_number) AS entry_hash
  FROM core.results
  WHERE is_starter
  GROUP BY hash(race_id, car_number)
  HAVING count(*) > 1
)
SELECT
  race_id || ' ' || car_number AS row_key,
  count(*) AS rows
FROM core.results
WHERE is_starter AND car_number IS NOT NULL AND hash(race_id, car_number) IN (SELECT suspects.entry_hash FROM suspects)
GROUP BY race_id, car_number
HAVING count(*) > 1
