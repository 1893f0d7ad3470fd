-- Severity: warn
-- Incremental: race_id
-- The count includes the change when the pole car loses the lead in lap 1; a list that begins with lap 1 does not.
WITH steps AS (
  SELECT
    race_id,
    start_lap,
    car_number <> lag(car_number) OVER (PARTITION BY race_id ORDER BY stretch_number) AS is_change
  FROM core.lead_changes
),
lists AS (
  SELECT
    race_id,
    min(start_lap) AS first_lap,
    count(*) FILTER (WHERE is_change) AS changes_listed
  FROM steps
  GROUP BY race_id
),
mismatches AS (
  SELECT races.race_id, races.lead_changes, lists.changes_listed, lists.first_lap
  FROM core.races AS races
  INNER JOIN lists ON races.race_id = lists.race_id
  WHERE races.lead_changes <> lists.changes_listed
)
SELECT mismatches.race_id AS row_key, mismatches.lead_changes, mismatches.changes_listed
FROM mismatches
INNER JOIN core.lead_changes AS leaders ON mismatches.race_id = leaders.race_id AND leaders.stretch_number = 1
LEFT JOIN core.results AS poles ON mismatches.race_id = poles.race_id AND poles.start_position = 1
WHERE
  mismatches.lead_changes <> mismatches.changes_listed + 1
  OR mismatches.first_lap = 0
  OR poles.car_number IS NULL
  OR poles.car_number = leaders.car_number
