-- Question: Who led the most laps of a race and did not win it?
-- Parameters: series = cup, season, limit = 20
-- Coverage: laps_led
SELECT
  starts.laps_led,
  starts.finish_position,
  starts.driver_name,
  starts.race_date,
  starts.race_name,
  tracks.track_name,
  starts.race_id
FROM marts.starts AS starts
LEFT JOIN core.tracks AS tracks ON starts.track_id = tracks.track_id
WHERE
  starts.finish_position > 1
  AND starts.laps_led > 0
  AND starts.series_id = $series
  AND starts.season BETWEEN $season_from AND $season_to
ORDER BY starts.laps_led DESC, starts.race_date ASC, starts.race_id ASC
LIMIT $limit;
