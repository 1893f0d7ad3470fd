-- Question: Who won most from the first place of the grid?
-- Parameters: series = cup, season, limit = 20
-- Coverage: start_positions
SELECT
  driver_name,
  count(*) FILTER (WHERE is_win) AS wins_from_pole,
  count(*) AS starts_from_pole,
  round(count(*) FILTER (WHERE is_win) / count(*), 3) AS share_won,
  driver_id
FROM marts.starts
WHERE start_position = 1 AND series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) FILTER (WHERE is_win) > 0
ORDER BY wins_from_pole DESC, starts_from_pole ASC, driver_id ASC
LIMIT $limit;
