-- Severity: fail
-- The results of nascaR.data have no dates. Since 1970 a season is the calendar year; before, some began in November of the year before.
SELECT race_id, season, race_date
FROM core.races
WHERE
  (race_date IS NULL AND source_id <> 'nascar_results')
  OR year(race_date) > season
  OR year(race_date) < season - 1
  OR (year(race_date) = season - 1 AND (season > 1969 OR month(race_date) < 11))
