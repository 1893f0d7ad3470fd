-- Severity: fail
-- A car is entered once, but for the listed exceptions; (race, finishing position) may repeat, in a dead heat.
SELECT
  results.race_id,
  results.car_number,
  count(*) AS rows
FROM core.results AS results
ANTI JOIN seeds.check_exceptions AS known
  ON known.check_name = 'entry_is_unique' AND known.row_key = results.race_id || ' ' || results.car_number
WHERE results.is_starter AND results.car_number IS NOT NULL
GROUP BY results.race_id, results.car_number
HAVING count(*) > 1
