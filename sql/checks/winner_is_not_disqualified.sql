-- Severity: fail
SELECT race_id, driver_id
FROM core.results
WHERE finish_position = 1 AND is_disqualified
