-- Severity: warn
-- Incremental: race_id
SELECT races.race_id AS row_key, races.leaders, count(DISTINCT changes.car_number) AS cars
FROM core.races AS races
INNER JOIN core.lead_changes AS changes ON races.race_id = changes.race_id
WHERE changes.laps_led > 0
GROUP BY races.race_id, races.leaders
HAVING count(DISTINCT changes.car_number) <> races.leaders
