-- Severity: warn
SELECT
  races.race_id AS row_key,
  races.laps_completed,
  results.laps_completed AS laps_of_winner
FROM core.races AS races
INNER JOIN core.results AS results ON races.race_id = results.race_id AND results.finish_position = 1
WHERE races.laps_completed <> results.laps_completed
