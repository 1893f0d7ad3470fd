-- Severity: fail
SELECT race_id || ' ' || coalesce(car_number, '') AS row_key, status
FROM core.results
WHERE status IS NOT NULL AND status_group IS NULL
