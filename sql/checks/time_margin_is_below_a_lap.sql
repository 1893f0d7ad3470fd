-- Severity: fail
-- If no source has the time of the race, distance and average speed give it.
SELECT
  margins.race_id || ' ' || margins.basis AS row_key,
  margins.margin_seconds,
  coalesce(races.race_time_seconds, races.distance_miles * 3600 / races.average_speed_mph) / races.laps_completed AS mean_lap_seconds,
  -- Without these the values of the next documents are selected, and those are named.
  list_distinct([
    margins.document_id,
    (
      SELECT arg_min(readings.document_id, precedence.precedence)
      FROM core.race_readings AS readings
      INNER JOIN core.fact_precedence AS precedence
        ON readings.reading = precedence.reading AND precedence.fact = 'race_time_seconds'
      WHERE readings.race_id = races.race_id AND readings.race_time_seconds = races.race_time_seconds
    )
  ]) AS document_ids
FROM core.race_margins AS margins
INNER JOIN core.races AS races ON margins.race_id = races.race_id
WHERE
  margins.margin_seconds
  >= coalesce(races.race_time_seconds, races.distance_miles * 3600 / races.average_speed_mph) / races.laps_completed
