-- Question: Who has the best average finish at a track?
-- Parameters: track, series = cup, season, at_least = 5, limit = 20
-- Example: --track bristol
-- Coverage: results
SELECT
  driver_name,
  round(avg(finish_position), 2) AS average_finish,
  count(*) AS starts,
  count(*) FILTER (WHERE is_win) AS wins,
  driver_id
FROM marts.starts
WHERE track_id = $track AND series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) >= $at_least
ORDER BY average_finish ASC, starts DESC, driver_id ASC
LIMIT $limit;
