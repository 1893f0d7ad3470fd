-- Question: Which winners took the lead on the last lap?
-- Parameters: series = cup, season, limit = 30
WITH last_stretches AS (
  SELECT
    race_id,
    driver_id,
    start_lap,
    row_number() OVER (PARTITION BY race_id ORDER BY end_lap DESC, stretch_number DESC) AS place
  FROM core.lead_changes
)
SELECT
  races.race_date,
  races.race_name,
  tracks.track_name,
  drivers.driver_name AS winner,
  races.laps_completed AS lap,
  races.race_id
FROM last_stretches AS stretches
INNER JOIN core.races AS races ON stretches.race_id = races.race_id
INNER JOIN core.drivers AS drivers ON stretches.driver_id = drivers.driver_id
LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
WHERE
  stretches.place = 1
  AND stretches.start_lap = races.laps_completed
  AND races.laps_completed > 1
  AND races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
  AND races.race_number IS NOT NULL
ORDER BY races.race_date DESC, races.race_id ASC
LIMIT $limit;
SELECT
  'list of leaders' AS what,
  count(DISTINCT leads.race_id) AS known,
  count(DISTINCT races.race_id) AS races
FROM core.races AS races
LEFT JOIN core.lead_changes AS leads ON races.race_id = leads.race_id
WHERE
  races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
  AND races.race_number IS NOT NULL;
