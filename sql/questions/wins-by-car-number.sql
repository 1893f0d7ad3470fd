-- Question: Which car numbers won the most races?
-- Parameters: series = cup, season, limit = 20
-- Coverage: winner
SELECT
  car_number,
  count(*) AS wins,
  count(DISTINCT driver_id) AS winners,
  max(season) AS last_win_season
FROM marts.starts
WHERE
  is_win
  AND car_number IS NOT NULL
  AND series_id = $series
  AND season BETWEEN $season_from AND $season_to
GROUP BY car_number
ORDER BY wins DESC, car_number ASC
LIMIT $limit;
