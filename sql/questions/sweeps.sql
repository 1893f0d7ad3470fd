-- Question: Who won all races at a track in one season, of two or more?
-- Parameters: series = cup, season, limit = 30
-- Coverage: winner
WITH races AS (
  SELECT season, track_id, count(*) AS races
  FROM core.races
  WHERE
    series_id = $series
    AND season BETWEEN $season_from AND $season_to
    AND race_number IS NOT NULL
    AND counts_as_official_win
  GROUP BY season, track_id
  HAVING count(*) > 1
),
wins AS (
  SELECT season, track_id, driver_id, driver_name, count(*) AS wins
  FROM marts.starts
  WHERE is_win AND series_id = $series
  GROUP BY season, track_id, driver_id, driver_name
)
SELECT wins.season, tracks.track_name, wins.driver_name, wins.wins, wins.driver_id, wins.track_id
FROM wins
INNER JOIN races ON wins.season = races.season AND wins.track_id = races.track_id AND wins.wins = races.races
LEFT JOIN core.tracks AS tracks ON wins.track_id = tracks.track_id
ORDER BY wins.season DESC, wins.track_id ASC
LIMIT $limit;
