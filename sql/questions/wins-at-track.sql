-- Question: Who won most at a track?
-- Parameters: track, series = cup, season, limit = 20
-- Example: --track martinsville
-- Coverage: winner and results
SELECT
  driver_name,
  count(*) FILTER (WHERE is_win) AS wins,
  count(*) AS starts,
  round(avg(finish_position), 2) AS average_finish,
  driver_id
FROM marts.starts
WHERE track_id = $track AND series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) FILTER (WHERE is_win) > 0
ORDER BY wins DESC, starts ASC, driver_id ASC
LIMIT $limit;
