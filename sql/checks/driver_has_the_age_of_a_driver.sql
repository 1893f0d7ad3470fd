-- Severity: warn
-- A birth date that makes a driver younger than 15 or older than 85 in a race is wrong, or is that of a namesake.
SELECT
  drivers.driver_id AS row_key,
  drivers.birth_date,
  min(races.race_date) AS first_start,
  max(races.race_date) AS last_start
FROM core.drivers AS drivers
INNER JOIN core.results AS results ON drivers.driver_id = results.driver_id
INNER JOIN core.races AS races ON results.race_id = races.race_id
WHERE results.is_starter AND drivers.birth_date IS NOT NULL
GROUP BY drivers.driver_id, drivers.birth_date
HAVING date_diff('year', drivers.birth_date, min(races.race_date)) < 15 OR date_diff('year', drivers.birth_date, max(races.race_date)) > 85
