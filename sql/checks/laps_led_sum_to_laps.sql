-- Severity: warn
SELECT races.race_id, races.laps_completed, sum(results.laps_led) AS laps_led
FROM core.races AS races
INNER JOIN core.results AS results ON races.race_id = results.race_id
WHERE results.source_id = 'nascar_feed'
GROUP BY races.race_id, races.laps_completed
HAVING sum(results.laps_led) <> races.laps_completed
