-- Severity: fail
-- The same id must be the same race wherever it comes from.
SELECT
  finishes.race_id AS row_key,
  finishes.race_date,
  races.race_date AS race_date_elsewhere,
  finishes.race_name,
  races.race_name AS race_name_elsewhere
FROM staging.almanac_finishes AS finishes
INNER JOIN core.races AS races ON finishes.race_id = races.race_id
WHERE abs(finishes.race_date - races.race_date) > 1
