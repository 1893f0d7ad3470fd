-- Question: Which teams won the most races?
-- Parameters: series = cup, season, limit = 20
SELECT
  teams.team_name,
  count(*) AS wins,
  count(DISTINCT starts.driver_id) AS winners,
  min(starts.season) AS first_win_season,
  max(starts.season) AS last_win_season,
  teams.team_id
FROM marts.starts AS starts
INNER JOIN core.teams AS teams ON starts.team_id = teams.team_id
WHERE starts.is_win AND starts.series_id = $series AND starts.season BETWEEN $season_from AND $season_to
GROUP BY teams.team_id, teams.team_name
ORDER BY wins DESC, teams.team_id ASC
LIMIT $limit;
SELECT 'team of the winning car' AS what, count(team_id) AS known, count(*) AS races
FROM marts.starts
WHERE is_win AND series_id = $series AND season BETWEEN $season_from AND $season_to;
