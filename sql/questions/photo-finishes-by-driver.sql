-- Question: Which drivers won and lost the most photo finishes?
-- Parameters: series = cup, season, seconds = 0.1, limit = 20
-- Example: --seconds 0.05
-- Coverage: margin since 1993
WITH close_finishes AS (
  SELECT race_id, winner_id, winner, runner_up_id, runner_up, margin_seconds
  FROM marts.finishes
  WHERE
    series_id = $series
    AND season BETWEEN $season_from AND $season_to
    AND basis = 'line'
    AND counts_as_official_win
    AND is_ranked
    AND margin_seconds <= $seconds
),
parts AS (
  SELECT winner_id AS driver_id, winner AS driver_name, TRUE AS is_won, margin_seconds
  FROM close_finishes
  UNION ALL
  SELECT runner_up_id, runner_up, FALSE, margin_seconds
  FROM close_finishes
)
SELECT
  driver_name,
  count(*) AS photo_finishes,
  count(*) FILTER (WHERE is_won) AS won,
  count(*) FILTER (WHERE NOT is_won) AS lost,
  min(margin_seconds) AS smallest_margin_seconds,
  driver_id
FROM parts
WHERE driver_id IS NOT NULL
GROUP BY driver_id, driver_name
ORDER BY photo_finishes DESC, won DESC, driver_id ASC
LIMIT $limit;
