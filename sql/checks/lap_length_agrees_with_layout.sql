-- Severity: warn
WITH stated AS (
  SELECT
    readings.race_id,
    arg_min(readings.reading, ranks.precedence) AS reading,
    arg_min(readings.lap_length_miles, ranks.precedence) AS lap_length_miles
  FROM core.race_readings AS readings
  INNER JOIN core.fact_precedence AS ranks ON ranks.fact = 'lap_length_miles' AND readings.reading = ranks.reading
  WHERE readings.lap_length_miles IS NOT NULL
  GROUP BY readings.race_id
)
SELECT stated.race_id AS row_key, stated.reading, stated.lap_length_miles, races.layout_id, layouts.length_miles
FROM stated
INNER JOIN core.races AS races ON stated.race_id = races.race_id
INNER JOIN core.track_layouts AS layouts ON races.layout_id = layouts.layout_id
WHERE stated.lap_length_miles <> layouts.length_miles
