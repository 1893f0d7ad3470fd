-- Severity: fail
SELECT races.race_id, count(results.race_id) AS winners
FROM core.races AS races
INNER JOIN core.results AS any_result ON races.race_id = any_result.race_id
LEFT JOIN core.results AS results
  ON races.race_id = results.race_id AND results.finish_position = 1 AND any_result.driver_id IS NOT DISTINCT FROM results.driver_id
GROUP BY races.race_id
HAVING count(results.race_id) <> 1
