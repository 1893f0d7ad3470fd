-- Question: Who won for the first time?
-- Parameters: series = cup, season, limit = 30
-- Example: --season 2021-2022
-- Coverage: winner
WITH wins AS (
  SELECT *, row_number() OVER (PARTITION BY driver_id ORDER BY race_date, season, race_number) AS win_number
  FROM marts.starts
  WHERE is_win AND series_id = $series
)
SELECT wins.race_date, wins.driver_name, wins.race_name, tracks.track_name, wins.race_id
FROM wins
LEFT JOIN core.tracks AS tracks ON wins.track_id = tracks.track_id
WHERE wins.win_number = 1 AND wins.season BETWEEN $season_from AND $season_to
ORDER BY wins.race_date DESC, wins.race_id ASC
LIMIT $limit;
