-- Question: How many cars of each season did not reach the finish, and why?
-- Parameters: series = cup, season, limit = 100
-- Coverage: status
SELECT
  season,
  count(*) AS starts,
  count(*) FILTER (WHERE status_group = 'crash') AS crashes,
  count(*) FILTER (WHERE status_group = 'mechanical') AS mechanical_failures,
  count(*) FILTER (WHERE coalesce(status_group, 'unknown') = 'unknown') AS statuses_unknown,
  round(count(*) FILTER (WHERE status_group = 'running') / count(*), 3) AS share_running
FROM marts.starts
WHERE series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY season
ORDER BY season
LIMIT $limit;
