-- Severity: fail
SELECT race_id AS row_key, driver_id, document_id
FROM core.results
WHERE finish_position = 1 AND is_disqualified
