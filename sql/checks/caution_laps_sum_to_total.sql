-- Severity: warn
SELECT races.race_id AS row_key, races.cautions, races.caution_laps, count(*) AS periods, sum(cautions.laps) AS laps
FROM core.races AS races
INNER JOIN core.cautions AS cautions ON races.race_id = cautions.race_id
GROUP BY races.race_id, races.cautions, races.caution_laps
HAVING count(*) <> races.cautions OR sum(cautions.laps) <> races.caution_laps
