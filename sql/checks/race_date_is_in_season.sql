-- Severity: fail
-- A season is a calendar year; its races of the autumn before are listed exceptions. nascaR.data has no dates.
SELECT race_id AS row_key, season, race_date
FROM core.races
WHERE year(race_date) <> season OR (race_date IS NULL AND source_id <> 'nascar_results')
