-- Severity: fail
-- If no source has the time of the race, distance and average speed give it.
SELECT
  margins.race_id || ' ' || margins.basis AS row_key,
  margins.margin_seconds,
  coalesce(races.race_time_seconds, races.distance_miles * 3600 / races.average_speed_mph) / races.laps_completed AS mean_lap_seconds,
  (
    SELECT list(documents.document_id)
    FROM core.race_documents AS documents
    WHERE documents.race_id = races.race_id
  ) AS document_ids
FROM core.race_margins AS margins
INNER JOIN core.races AS races ON margins.race_id = races.race_id
WHERE
  margins.margin_seconds
  >= coalesce(races.race_time_seconds, races.distance_miles * 3600 / races.average_speed_mph) / races.laps_completed
