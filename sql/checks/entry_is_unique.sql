-- Severity: fail
-- A car number starts a race once; a finishing position can repeat, in a dead heat.
SELECT race_id || ' ' || car_number AS row_key, count(*) AS rows, list(DISTINCT document_id) AS document_ids
FROM core.results
WHERE is_starter AND car_number IS NOT NULL
GROUP BY race_id, car_number
HAVING count(*) > 1
