-- Severity: warn
-- Incremental: race_id
-- Laps led are unknown for some cars of many races before 1968: there the known ones must not exceed the race's laps.
SELECT races.race_id AS row_key, races.laps_completed, sum(results.laps_led) AS laps_led
FROM core.races AS races
INNER JOIN core.results AS results ON races.race_id = results.race_id
GROUP BY races.race_id, races.laps_completed
HAVING sum(results.laps_led) > races.laps_completed OR (sum(results.laps_led) < races.laps_completed AND count(results.laps_led) = count(*))
