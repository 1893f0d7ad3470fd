-- Question: Who finished second most often?
-- Parameters: series = cup, season, limit = 20
-- Coverage: results
SELECT
  driver_name,
  count(*) FILTER (WHERE finish_position = 2) AS second_places,
  count(*) FILTER (WHERE is_win) AS wins,
  count(*) AS starts,
  driver_id
FROM marts.starts
WHERE series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) FILTER (WHERE finish_position = 2) > 0
ORDER BY second_places DESC, starts ASC, driver_id ASC
LIMIT $limit;
