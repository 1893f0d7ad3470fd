-- Severity: warn
SELECT race_id || ' ' || coalesce(car_number, '') AS row_key, status, laps_completed, laps_led
FROM core.results
WHERE NOT is_starter AND (laps_completed > 0 OR laps_led > 0)
