-- Question: Which drivers waited longest between two wins?
-- Parameters: series = cup, season, limit = 20
-- Coverage: winner and results
WITH numbered AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY driver_id ORDER BY race_date, season, race_number) AS start_number
  FROM marts.starts
  WHERE series_id = $series AND season BETWEEN $season_from AND $season_to
),
wins AS (
  SELECT
    *,
    lag(race_date) OVER (PARTITION BY driver_id ORDER BY start_number) AS last_win_date,
    lag(race_id) OVER (PARTITION BY driver_id ORDER BY start_number) AS last_win_race_id,
    lag(start_number) OVER (PARTITION BY driver_id ORDER BY start_number) AS last_win_number
  FROM numbered
  WHERE is_win
)
SELECT
  race_date - last_win_date AS days,
  start_number - last_win_number - 1 AS starts_between,
  driver_name,
  last_win_date AS from_date,
  race_date AS to_date,
  last_win_race_id AS from_race_id,
  race_id AS to_race_id
FROM wins
WHERE last_win_date IS NOT NULL
ORDER BY days DESC, driver_id ASC
LIMIT $limit;
