-- Question: Who were the oldest winners?
-- Parameters: series = cup, season, limit = 20
SELECT
  datesub('year', drivers.birth_date, starts.race_date) AS age_years,
  drivers.driver_name,
  drivers.birth_date,
  starts.race_date,
  starts.race_name,
  starts.race_id
FROM marts.starts AS starts
INNER JOIN core.drivers AS drivers ON starts.driver_id = drivers.driver_id
WHERE
  starts.is_win
  AND drivers.birth_date IS NOT NULL
  AND starts.series_id = $series
  AND starts.season BETWEEN $season_from AND $season_to
ORDER BY starts.race_date - drivers.birth_date DESC, starts.race_id ASC
LIMIT $limit;
SELECT 'birth date of the winner' AS what, count(drivers.birth_date) AS known, count(*) AS races
FROM marts.starts AS starts
LEFT JOIN core.drivers AS drivers ON starts.driver_id = drivers.driver_id
WHERE starts.is_win AND starts.series_id = $series AND starts.season BETWEEN $season_from AND $season_to;
