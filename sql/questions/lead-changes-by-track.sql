-- Question: At which tracks does the lead change most?
-- Parameters: series = cup, season, at_least = 5, limit = 30
-- Coverage: lead_changes
SELECT
  tracks.track_name,
  count(races.lead_changes) AS races_with_lead_changes,
  round(avg(races.lead_changes), 2) AS lead_changes_per_race,
  max(races.lead_changes) AS most_lead_changes,
  tracks.track_id
FROM core.races AS races
INNER JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
WHERE
  races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
  AND races.race_number IS NOT NULL
GROUP BY tracks.track_id, tracks.track_name
HAVING count(races.lead_changes) >= $at_least
ORDER BY lead_changes_per_race DESC, tracks.track_id ASC
LIMIT $limit;
