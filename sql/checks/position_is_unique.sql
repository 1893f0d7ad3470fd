-- Severity: warn
-- Incremental: race_id
-- Two cars share a finishing position only in a dead heat; known dead heats are listed with a reason.
WITH shared AS (
  SELECT race_id, finish_position, count(*) AS cars
  FROM core.results
  WHERE finish_position IS NOT NULL
  GROUP BY race_id, finish_position
  HAVING count(*) > 1
)
SELECT shared.race_id || ' ' || shared.finish_position AS row_key, shared.cars
FROM shared
ANTI JOIN seeds.dead_heats AS known ON shared.race_id = known.race_id AND shared.finish_position = known.finish_position::INTEGER
