-- Severity: warn
-- Two cars share a finishing position only in a dead heat; those that are known are listed with a reason.
SELECT
  results.race_id || ' ' || results.finish_position AS row_key,
  count(*) AS cars
FROM core.results AS results
LEFT JOIN seeds.dead_heats AS known
  ON results.race_id = known.race_id AND results.finish_position = known.finish_position::INTEGER
WHERE results.finish_position IS NOT NULL AND known.race_id IS NULL
GROUP BY results.race_id, results.finish_position
HAVING count(*) > 1
