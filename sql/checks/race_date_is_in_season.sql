-- Severity: fail
-- A season is a calendar year; its races of the autumn before are listed exceptions. nascaR.data has no dates.
SELECT
  races.race_id AS row_key,
  races.season,
  races.race_date,
  -- Without it the value of the next document is selected, and that one is named.
  (
    SELECT arg_min(readings.document_id, precedence.precedence)
    FROM core.race_readings AS readings
    INNER JOIN core.fact_precedence AS precedence ON readings.reading = precedence.reading AND precedence.fact = 'race_date'
    WHERE readings.race_id = races.race_id AND readings.race_date IS NOT DISTINCT FROM races.race_date
  ) AS document_id
FROM core.races AS races
WHERE year(race_date) <> season OR (race_date IS NULL AND source_id <> 'nascar_results')
