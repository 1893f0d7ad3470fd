-- Severity: fail
SELECT margins.race_id, margins.basis, margins.margin_seconds, races.race_time_seconds / races.laps_completed AS mean_lap_seconds
FROM core.race_margins AS margins
INNER JOIN core.races AS races ON margins.race_id = races.race_id
WHERE margins.margin_seconds >= races.race_time_seconds / races.laps_completed
