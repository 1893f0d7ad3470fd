-- Question: In which races did the most cars finish on the lead lap?
-- Parameters: series = cup, season, limit = 20
-- Coverage: laps
WITH compared AS (
  SELECT
    race_id,
    race_date,
    race_name,
    track_id,
    laps_completed,
    max(laps_completed) OVER (PARTITION BY race_id) AS most_laps
  FROM marts.starts
  WHERE series_id = $series AND season BETWEEN $season_from AND $season_to
)
SELECT
  count(*) FILTER (WHERE compared.laps_completed = compared.most_laps) AS cars_on_lead_lap,
  count(*) AS starters,
  min(compared.race_date) AS race_date,
  min(compared.race_name) AS race_name,
  min(tracks.track_name) AS track_name,
  compared.race_id
FROM compared
LEFT JOIN core.tracks AS tracks ON compared.track_id = tracks.track_id
GROUP BY compared.race_id
HAVING count(*) FILTER (WHERE compared.laps_completed = compared.most_laps) > 0
ORDER BY cars_on_lead_lap DESC, race_date ASC, compared.race_id ASC
LIMIT $limit;
