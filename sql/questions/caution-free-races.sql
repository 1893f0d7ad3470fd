-- Question: Which races had no caution?
-- Parameters: series = cup, season, limit = 30
-- Coverage: cautions
SELECT
  races.race_date,
  races.race_name,
  tracks.track_name,
  races.average_speed_mph,
  races.distance_miles,
  races.race_id
FROM core.races AS races
LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
WHERE
  races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
  AND races.race_number IS NOT NULL
  AND races.cautions = 0
ORDER BY races.race_date DESC, races.race_id ASC
LIMIT $limit;
