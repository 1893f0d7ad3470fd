-- Question: How many drivers won in each season, and who won most?
-- Parameters: series = cup, season, limit = 100
-- Coverage: winner
WITH wins AS (
  SELECT season, driver_id, driver_name, count(*) AS wins
  FROM marts.starts
  WHERE is_win AND series_id = $series AND season BETWEEN $season_from AND $season_to
  GROUP BY season, driver_id, driver_name
),
compared AS (
  SELECT *, rank() OVER (PARTITION BY season ORDER BY wins DESC) AS place
  FROM wins
)
SELECT
  season,
  count(*) AS winners,
  sum(wins)::BIGINT AS races,
  max(wins) AS most_wins,
  string_agg(driver_name, ', ' ORDER BY driver_name) FILTER (WHERE place = 1) AS most_wins_by
FROM compared
GROUP BY season
ORDER BY season
LIMIT $limit;
