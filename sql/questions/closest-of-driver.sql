-- Question: What were the closest finishes that a driver won or lost?
-- Parameters: driver, series = cup, season, limit = 10
-- Example: --driver "kyle larson"
-- Coverage: margin since 1993
SELECT
  margin_seconds,
  CASE WHEN winner_id = $driver THEN 'won' ELSE 'lost' END AS outcome,
  CASE WHEN winner_id = $driver THEN runner_up ELSE winner END AS against,
  race_date,
  race_name,
  track_name,
  race_id
FROM marts.finishes
WHERE
  (winner_id = $driver OR runner_up_id = $driver)
  AND series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND counts_as_official_win
  AND is_ranked
ORDER BY margin_seconds, race_date, race_id
LIMIT $limit;
