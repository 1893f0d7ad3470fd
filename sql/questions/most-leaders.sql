-- Question: In which races did the most drivers lead?
-- Parameters: series = cup, season, limit = 20
SELECT races.leaders, races.lead_changes, races.race_date, races.race_name, tracks.track_name, races.race_id
FROM core.races AS races
LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
WHERE
  races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
  AND races.race_number IS NOT NULL
  AND races.leaders IS NOT NULL
ORDER BY races.leaders DESC, races.race_date ASC, races.race_id ASC
LIMIT $limit;
SELECT 'number of leaders' AS what, count(leaders) AS known, count(*) AS races
FROM core.races
WHERE series_id = $series AND season BETWEEN $season_from AND $season_to AND race_number IS NOT NULL;
