-- Question: Who won for a team?
-- Parameters: team, series = cup, season, limit = 20
-- Example: --team "hendrick motorsports"
SELECT
  driver_name,
  count(*) FILTER (WHERE is_win) AS wins,
  count(*) AS starts,
  min(season) AS first_season,
  max(season) AS last_season,
  driver_id
FROM marts.starts
WHERE team_id = $team AND series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) FILTER (WHERE is_win) > 0
ORDER BY wins DESC, starts ASC, driver_id ASC
LIMIT $limit;
SELECT 'team of the winning car' AS what, count(team_id) AS known, count(*) AS races
FROM marts.starts
WHERE is_win AND series_id = $series AND season BETWEEN $season_from AND $season_to;
