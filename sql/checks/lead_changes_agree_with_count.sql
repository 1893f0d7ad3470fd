-- Severity: warn
WITH steps AS (
  SELECT race_id, car_number <> lag(car_number) OVER (PARTITION BY race_id ORDER BY stretch_number) AS is_change
  FROM core.lead_changes
)
SELECT races.race_id, races.lead_changes, count(*) FILTER (WHERE steps.is_change) AS changes_listed
FROM core.races AS races
INNER JOIN steps ON races.race_id = steps.race_id
GROUP BY races.race_id, races.lead_changes
HAVING count(*) FILTER (WHERE steps.is_change) <> races.lead_changes
