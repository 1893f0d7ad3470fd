-- Question: Which winners needed the most starts for their first win?
-- Parameters: series = cup, season, limit = 20
-- Coverage: winner and results
WITH numbered AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY driver_id ORDER BY race_date, season, race_number) AS start_number
  FROM marts.starts
  WHERE series_id = $series
),
first_wins AS (
  SELECT *, row_number() OVER (PARTITION BY driver_id ORDER BY start_number) AS win_number
  FROM numbered
  WHERE is_win
)
SELECT start_number, driver_name, race_date, race_name, driver_id, race_id
FROM first_wins
WHERE win_number = 1 AND season BETWEEN $season_from AND $season_to
ORDER BY start_number DESC, driver_id ASC
LIMIT $limit;
