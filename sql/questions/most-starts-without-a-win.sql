-- Question: Who started most often without a win?
-- Parameters: series = cup, season, limit = 20
-- Coverage: results
SELECT
  driver_name,
  count(*) AS starts,
  min(finish_position) AS best_finish,
  count(*) FILTER (WHERE finish_position <= 5) AS top_fives,
  min(season) AS first_season,
  max(season) AS last_season,
  driver_id
FROM marts.starts
WHERE series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) FILTER (WHERE is_win) = 0
ORDER BY starts DESC, driver_id ASC
LIMIT $limit;
