-- Question: Who finished in the first ten the most starts in a row?
-- Parameters: series = cup, season, limit = 20
-- Coverage: results
WITH numbered AS (
  SELECT
    driver_id,
    driver_name,
    race_id,
    finish_position <= 10 AS is_top_ten,
    row_number() OVER (PARTITION BY driver_id ORDER BY season, race_number) AS place
  FROM marts.starts
  WHERE series_id = $series AND season BETWEEN $season_from AND $season_to
),
grouped AS (
  SELECT *, place - row_number() OVER (PARTITION BY driver_id ORDER BY place) AS streak
  FROM numbered
  WHERE is_top_ten
)
SELECT
  count(*) AS top_tens_in_a_row,
  driver_name,
  arg_min(race_id, place) AS first_race_id,
  arg_max(race_id, place) AS last_race_id,
  driver_id
FROM grouped
GROUP BY driver_id, driver_name, streak
ORDER BY top_tens_in_a_row DESC, driver_id ASC, first_race_id ASC
LIMIT $limit;
