-- Severity: fail
-- A race_id must mean the same race in the almanac and in the other sources.
SELECT
  finishes.race_id AS row_key,
  finishes.race_date,
  races.race_date AS race_date_of_others,
  finishes.race_name,
  races.race_name AS race_name_of_others,
  -- Without it the value of the next document is selected, and that one is named.
  (
    SELECT arg_min(readings.document_id, precedence.precedence)
    FROM core.race_readings AS readings
    INNER JOIN core.fact_precedence AS precedence ON readings.reading = precedence.reading AND precedence.fact = 'race_date'
    WHERE readings.race_id = races.race_id AND readings.race_date IS NOT DISTINCT FROM races.race_date
  ) AS document_id
FROM staging.almanac_finishes AS finishes
INNER JOIN core.races AS races ON finishes.race_id = races.race_id
WHERE abs(finishes.race_date - races.race_date) > 1
