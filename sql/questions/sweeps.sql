-- Question: Who won all races on a layout of a track in one season, of two or more?
-- Parameters: series = cup, season, limit = 30
-- Coverage: winner
WITH races AS (
  SELECT
    race_id,
    season,
    track_id,
    coalesce(track_layout, 'unknown') AS track_layout,
    count(*) OVER (PARTITION BY season, track_id, track_layout) AS races
  FROM core.races
  WHERE
    series_id = $series
    AND season BETWEEN $season_from AND $season_to
    AND race_number IS NOT NULL
    AND counts_as_official_win
)
SELECT
  races.season,
  tracks.track_name,
  races.track_layout,
  starts.driver_name,
  count(*) AS wins,
  starts.driver_id,
  races.track_id
FROM races
INNER JOIN marts.starts AS starts ON races.race_id = starts.race_id AND starts.is_win
LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
WHERE races.races > 1
GROUP BY
  races.season,
  tracks.track_name,
  races.track_layout,
  races.races,
  starts.driver_name,
  starts.driver_id,
  races.track_id
HAVING count(*) = races.races
ORDER BY races.season DESC, races.track_id ASC, races.track_layout ASC
LIMIT $limit;
