-- Severity: warn
-- Incremental: race_id
-- A word that is not in the vocabulary is stored as the source has it, in the group unknown, until a row is added.
WITH known AS (
  SELECT status FROM seeds.finishing_statuses
  UNION
  SELECT status FROM seeds.result_statuses
)
SELECT results.race_id || ' ' || coalesce(results.car_number, '') AS row_key, results.status
FROM core.results AS results
ANTI JOIN known ON results.status = known.status
WHERE results.status IS NOT NULL
