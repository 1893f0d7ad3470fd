-- Question: Which cars were disqualified?
-- Parameters: series = cup, season, limit = 30
-- Coverage: status
SELECT
  starts.race_date,
  starts.race_name,
  starts.driver_name,
  starts.car_number,
  starts.finish_position,
  starts.race_id
FROM marts.starts AS starts
WHERE
  starts.is_disqualified
  AND starts.series_id = $series
  AND starts.season BETWEEN $season_from AND $season_to
ORDER BY starts.race_date DESC, starts.race_id ASC, starts.driver_id ASC
LIMIT $limit;
