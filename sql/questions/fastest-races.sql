-- Question: Which races had the highest average speed?
-- Parameters: series = cup, season, limit = 20
-- Coverage: average_speed
SELECT
  races.average_speed_mph,
  races.cautions,
  races.race_date,
  races.race_name,
  tracks.track_name,
  races.race_id
FROM core.races AS races
LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
WHERE
  races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
  AND races.race_number IS NOT NULL
  AND races.average_speed_mph IS NOT NULL
ORDER BY races.average_speed_mph DESC, races.race_date ASC, races.race_id ASC
LIMIT $limit;
