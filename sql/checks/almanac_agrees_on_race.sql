-- Severity: fail
-- A race_id must mean the same race in the almanac and in the other sources.
SELECT
  finishes.race_id AS row_key,
  finishes.race_date,
  races.race_date AS race_date_of_others,
  finishes.race_name,
  races.race_name AS race_name_of_others
FROM staging.almanac_finishes AS finishes
INNER JOIN core.races AS races ON finishes.race_id = races.race_id
WHERE abs(finishes.race_date - races.race_date) > 1
