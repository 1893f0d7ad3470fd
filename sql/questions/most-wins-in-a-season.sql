-- Question: Who won the most races in one season?
-- Parameters: series = cup, season, limit = 20
-- Coverage: winner and results
WITH seasons AS (
  SELECT
    season,
    driver_id,
    driver_name,
    count(*) AS starts,
    count(*) FILTER (WHERE is_win) AS wins
  FROM marts.starts
  WHERE series_id = $series AND season BETWEEN $season_from AND $season_to
  GROUP BY season, driver_id, driver_name
)
SELECT seasons.season, seasons.driver_name, seasons.wins, seasons.starts, seasons.driver_id
FROM seasons
WHERE seasons.wins > 0
ORDER BY seasons.wins DESC, seasons.season ASC, seasons.driver_id ASC
LIMIT $limit;
