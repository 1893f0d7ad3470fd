-- Severity: fail
SELECT race_id || ' ' || basis AS row_key, count(*) AS rows
FROM core.race_margins
GROUP BY race_id, basis
HAVING count(*) > 1
