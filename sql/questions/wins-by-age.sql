-- Question: How many races were won at each age?
-- Parameters: series = cup, season, limit = 60
SELECT
  datesub('year', drivers.birth_date, starts.race_date) AS age_years,
  count(*) FILTER (WHERE starts.is_win) AS wins,
  count(*) AS starts,
  round(count(*) FILTER (WHERE starts.is_win) / count(*), 4) AS share_won
FROM marts.starts AS starts
INNER JOIN core.drivers AS drivers ON starts.driver_id = drivers.driver_id
WHERE
  drivers.birth_date IS NOT NULL
  AND starts.race_date IS NOT NULL
  AND starts.series_id = $series
  AND starts.season BETWEEN $season_from AND $season_to
GROUP BY age_years
ORDER BY age_years
LIMIT $limit;
SELECT 'birth date of the winner' AS what, count(drivers.birth_date) AS known, count(*) AS races
FROM marts.starts AS starts
LEFT JOIN core.drivers AS drivers ON starts.driver_id = drivers.driver_id
WHERE starts.is_win AND starts.series_id = $series AND starts.season BETWEEN $season_from AND $season_to;
