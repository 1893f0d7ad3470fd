-- Severity: fail
SELECT race_id, car_number, status
FROM core.results
WHERE status IS NOT NULL AND status_group IS NULL
