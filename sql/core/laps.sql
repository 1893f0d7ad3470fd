-- Grain: race_id, car_number, lap_number
CREATE OR REPLACE TABLE core.laps AS
WITH cars AS (
  SELECT
    race_id_nascar_feed,
    car_number,
    regexp_replace(lower(any_value(driver_name)), '[^a-z]', '', 'g') AS letters
  FROM staging.nascar_feed_laps
  GROUP BY race_id_nascar_feed, car_number
),
strange AS (
  -- Lap times do not say of which race they are: by their drivers, most of whom must be in its results.
  SELECT cars.race_id_nascar_feed
  FROM cars
  INNER JOIN staging.nascar_feed_weekends AS weekend ON cars.race_id_nascar_feed = weekend.race_id_nascar_feed
  LEFT JOIN staging.nascar_feed_results AS results
    ON cars.race_id_nascar_feed = results.race_id_nascar_feed AND cars.car_number = results.car_number
  GROUP BY cars.race_id_nascar_feed
  HAVING avg(coalesce(contains(cars.letters, regexp_replace(lower(results.driver_name), '[^a-z]', '', 'g')), FALSE)::INTEGER) < 0.5
)
SELECT
  ids.race_id,
  laps.car_number,
  results.driver_id,
  laps.lap_number::INTEGER AS lap_number,
  laps.lap_time_seconds,
  laps.lap_speed_mph,
  laps.running_position::INTEGER AS running_position,
  'nascar_feed' AS source_id,
  laps.document_id
FROM staging.nascar_feed_laps AS laps
INNER JOIN core.source_races AS ids
  ON ids.source_id = 'nascar_feed' AND laps.race_id_nascar_feed::VARCHAR = ids.race_key
-- The lap times decorate names with marks of the weekend; the entry says whose car it is.
LEFT JOIN core.results AS results
  ON ids.race_id = results.race_id AND laps.car_number = results.car_number AND results.is_starter
ANTI JOIN strange ON laps.race_id_nascar_feed = strange.race_id_nascar_feed;
COMMENT ON TABLE core.laps IS 'Lap times, of the races that were ingested with laps';
COMMENT ON COLUMN core.laps.race_id IS 'The race; see core.races';
COMMENT ON COLUMN core.laps.car_number IS 'The car';
COMMENT ON COLUMN core.laps.driver_id IS 'Its driver; see core.drivers';
COMMENT ON COLUMN core.laps.lap_number IS 'The lap; 0 is the run to the green flag';
COMMENT ON COLUMN core.laps.lap_time_seconds IS 'Time of the lap in seconds, NULL where not measured';
COMMENT ON COLUMN core.laps.lap_speed_mph IS 'Speed of the lap in miles an hour';
COMMENT ON COLUMN core.laps.running_position IS 'Place at the end of the lap';
COMMENT ON COLUMN core.laps.source_id IS 'The source of the row';
COMMENT ON COLUMN core.laps.document_id IS 'The document of the row; see ops.documents';
