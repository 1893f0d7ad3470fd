-- Grain: race_key, car_number, lap_number
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__laps AS
WITH cars AS (
  SELECT
    race_id_nascar_feed,
    car_number,
    regexp_replace(lower(min(driver_name)), '[^a-z]', '', 'g') AS letters
  FROM staging.nascar_feed_laps
  GROUP BY race_id_nascar_feed, car_number
),
laps_of_another_race AS (
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
  laps.race_id_nascar_feed::VARCHAR AS race_key,
  laps.car_number,
  laps.lap_number::INTEGER AS lap_number,
  laps.lap_time_seconds,
  laps.lap_speed_mph,
  laps.running_position::INTEGER AS running_position,
  laps.document_id
FROM staging.nascar_feed_laps AS laps
ANTI JOIN laps_of_another_race ON laps.race_id_nascar_feed = laps_of_another_race.race_id_nascar_feed;
COMMENT ON VIEW staging.nascar_feed__laps IS 'The lap times of the feed in the form of staging.source_laps, without those of another race';
