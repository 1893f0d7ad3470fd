-- Question: Which races had the most starters?
-- Parameters: series = cup, season, limit = 20
-- Coverage: results
SELECT
  count(*) AS starters,
  min(starts.race_date) AS race_date,
  min(starts.race_name) AS race_name,
  min(tracks.track_name) AS track_name,
  starts.race_id
FROM marts.starts AS starts
LEFT JOIN core.tracks AS tracks ON starts.track_id = tracks.track_id
WHERE starts.series_id = $series AND starts.season BETWEEN $season_from AND $season_to
GROUP BY starts.race_id
ORDER BY starters DESC, race_date ASC, starts.race_id ASC
LIMIT $limit;
