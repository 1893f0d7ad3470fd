-- Question: Who won most with a make?
-- Parameters: make, series = cup, season, limit = 20
-- Example: --make dodge
-- Coverage: make
SELECT
  driver_name,
  count(*) FILTER (WHERE is_win) AS wins,
  count(*) AS starts,
  min(season) AS first_season,
  max(season) AS last_season,
  driver_id
FROM marts.starts
WHERE manufacturer_id = $make AND series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) FILTER (WHERE is_win) > 0
ORDER BY wins DESC, starts ASC, driver_id ASC
LIMIT $limit;
