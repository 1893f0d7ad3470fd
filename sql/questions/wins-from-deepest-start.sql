-- Question: Who won from the farthest back on the grid?
-- Parameters: series = cup, season, limit = 20
-- Coverage: start_positions
SELECT
  starts.start_position,
  starts.driver_name,
  starts.race_date,
  starts.race_name,
  tracks.track_name,
  starts.race_id
FROM marts.starts AS starts
LEFT JOIN core.tracks AS tracks ON starts.track_id = tracks.track_id
WHERE
  starts.is_win
  AND starts.start_position IS NOT NULL
  AND starts.series_id = $series
  AND starts.season BETWEEN $season_from AND $season_to
ORDER BY starts.start_position DESC, starts.race_date ASC, starts.race_id ASC
LIMIT $limit;
