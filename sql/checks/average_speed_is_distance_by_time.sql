-- Severity: warn
SELECT
  race_id AS row_key,
  average_speed_mph,
  round(distance_miles * 3600 / race_time_seconds, 3) AS distance_by_time_mph
FROM core.races
WHERE abs(average_speed_mph - distance_miles * 3600 / race_time_seconds) > 0.01
