-- Grain: race_key, car_number, stop_number
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__pit_stops AS
WITH cars AS (
  SELECT
    race_id_nascar_feed,
    car_number,
    regexp_replace(lower(min(driver_name)), '[^a-z]', '', 'g') AS letters
  FROM staging.nascar_feed_pit_stops
  GROUP BY race_id_nascar_feed, car_number
),
stops_of_another_race AS (
  -- Pit stops do not say of which race they are: by their drivers, most of whom must be in its results.
  SELECT cars.race_id_nascar_feed
  FROM cars
  INNER JOIN staging.nascar_feed_weekends AS weekend ON cars.race_id_nascar_feed = weekend.race_id_nascar_feed
  LEFT JOIN staging.nascar_feed_results AS results
    ON cars.race_id_nascar_feed = results.race_id_nascar_feed AND cars.car_number = results.car_number
  GROUP BY cars.race_id_nascar_feed
  HAVING avg(coalesce(contains(cars.letters, regexp_replace(lower(results.driver_name), '[^a-z]', '', 'g')), FALSE)::INTEGER) < 0.5
)
SELECT
  stops.race_id_nascar_feed::VARCHAR AS race_key,
  stops.car_number,
  row_number() OVER (
    PARTITION BY stops.race_id_nascar_feed, stops.car_number ORDER BY stops.pit_in_seconds ASC, stops.lap_number ASC
  )::INTEGER AS stop_number,
  stops.lap_number::INTEGER AS lap_number,
  stops.leader_lap::INTEGER AS leader_lap,
  stops.flag,
  stops.pit_in_seconds,
  stops.pit_out_seconds,
  stops.pit_road_seconds,
  stops.stop_seconds,
  stops.stop_type,
  (
    stops.is_left_front_changed::INTEGER + stops.is_left_rear_changed::INTEGER
    + stops.is_right_front_changed::INTEGER + stops.is_right_rear_changed::INTEGER
  )::INTEGER AS tires_changed,
  stops.position_before::INTEGER AS position_before,
  stops.position_after::INTEGER AS position_after,
  stops.document_id
FROM staging.nascar_feed_pit_stops AS stops
ANTI JOIN stops_of_another_race ON stops.race_id_nascar_feed = stops_of_another_race.race_id_nascar_feed
-- On the pace laps the field drives through pit road to learn its speed; after the finish it returns to it.
WHERE stops.flag NOT IN ('pace_laps', 'checkered', 'finished');
COMMENT ON VIEW staging.nascar_feed__pit_stops IS 'The pit stops of the feed in the form of staging.source_pit_stops, without those of another race';
