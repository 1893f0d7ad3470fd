-- Question: At which tracks does the first place of the grid win most often?
-- Parameters: series = cup, season, at_least = 10, limit = 30
-- Coverage: start_positions
SELECT
  tracks.track_name,
  count(*) FILTER (WHERE starts.is_win) AS wins_from_pole,
  count(*) AS races_with_known_pole,
  round(count(*) FILTER (WHERE starts.is_win) / count(*), 3) AS share_won,
  starts.track_id
FROM marts.starts AS starts
INNER JOIN core.tracks AS tracks ON starts.track_id = tracks.track_id
WHERE
  starts.start_position = 1
  AND starts.series_id = $series
  AND starts.season BETWEEN $season_from AND $season_to
GROUP BY starts.track_id, tracks.track_name
HAVING count(*) >= $at_least
ORDER BY share_won DESC, starts.track_id ASC
LIMIT $limit;
