-- Question: Which two drivers finished first and second most often?
-- Parameters: series = cup, season, limit = 20
-- Coverage: winner
WITH pairs AS (
  SELECT
    least(first_cars.driver_name, second_cars.driver_name) AS driver_name,
    greatest(first_cars.driver_name, second_cars.driver_name) AS other_driver_name,
    first_cars.driver_name AS winner
  FROM marts.starts AS first_cars
  INNER JOIN marts.starts AS second_cars
    ON first_cars.race_id = second_cars.race_id AND second_cars.finish_position = 2
  WHERE
    first_cars.is_win
    AND first_cars.series_id = $series
    AND first_cars.season BETWEEN $season_from AND $season_to
)
SELECT
  driver_name,
  other_driver_name,
  count(*) AS times,
  count(*) FILTER (WHERE winner = driver_name) AS won_by_driver,
  count(*) FILTER (WHERE winner = other_driver_name) AS won_by_other
FROM pairs
GROUP BY driver_name, other_driver_name
ORDER BY times DESC, driver_name ASC, other_driver_name ASC
LIMIT $limit;
