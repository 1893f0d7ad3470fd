-- Severity: fail
SELECT race_id AS row_key, count(*) AS rows
FROM core.races
GROUP BY race_id
HAVING count(*) > 1
