-- Question: Who won the most races?
-- Parameters: series = cup, season, limit = 20
-- Coverage: winner and results
SELECT
  driver_name,
  count(*) FILTER (WHERE is_win) AS wins,
  count(*) AS starts,
  round(count(*) FILTER (WHERE is_win) / count(*), 3) AS share_won,
  min(season) FILTER (WHERE is_win) AS first_win_season,
  max(season) FILTER (WHERE is_win) AS last_win_season,
  driver_id
FROM marts.starts
WHERE series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) FILTER (WHERE is_win) > 0
ORDER BY wins DESC, starts ASC, driver_id ASC
LIMIT $limit;
