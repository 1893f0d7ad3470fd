-- Severity: fail
-- Incremental: race_id
-- A car number starts a race once; a finishing position can repeat, in a dead heat.
WITH repeated AS (
  SELECT race_id, car_number
  FROM core.results
  WHERE is_starter AND car_number IS NOT NULL
  GROUP BY race_id, car_number
  HAVING count(*) > 1
)
SELECT results.race_id || ' ' || results.car_number AS row_key, count(*) AS rows, list(DISTINCT results.document_id) AS document_ids
FROM core.results AS results
SEMI JOIN repeated ON results.race_id = repeated.race_id AND results.car_number = repeated.car_number
WHERE results.is_starter
GROUP BY results.race_id, results.car_number
