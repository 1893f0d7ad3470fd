-- Grain: race_key, reading
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__margins AS
WITH stated AS (
  SELECT 'weekend_feed' AS reading, * FROM staging.nascar_feed_weekends
  UNION ALL
  SELECT 'season_index', * FROM staging.nascar_feed_races
),
finished AS (
  -- The frame is that of the finish when the flag is out and the car ran all laps of the race.
  SELECT cars.*, results.finish_position, results.is_disqualified
  FROM staging.nascar_feed_frame_cars AS cars
  INNER JOIN staging.nascar_feed_results AS results
    ON
      cars.race_id_nascar_feed = results.race_id_nascar_feed
      AND cars.car_number = results.car_number
      AND cars.driver_id_nascar_feed = results.driver_id_nascar_feed
  WHERE cars.is_finished AND cars.laps_completed >= cars.laps_in_race
),
first_two AS (
  SELECT
    leaders.race_id_nascar_feed,
    followers.delta_seconds AS margin_seconds,
    leaders.laps_completed,
    leaders.document_id
  FROM finished AS leaders
  INNER JOIN finished AS followers
    ON leaders.race_id_nascar_feed = followers.race_id_nascar_feed AND followers.running_position = 2
  WHERE
    leaders.running_position = 1
    -- Measured at the line: elsewhere the difference of the elapsed times is another.
    AND followers.delta_seconds > 0
    AND followers.delta_seconds = followers.elapsed_seconds - leaders.elapsed_seconds
    AND leaders.laps_completed = followers.laps_completed
    -- The frame has the order of the official results, but for cars that these disqualify.
    AND (leaders.finish_position = 1 OR leaders.is_disqualified)
    AND (followers.finish_position <= 2 OR followers.is_disqualified)
)
SELECT
  race_id_nascar_feed::VARCHAR AS race_key,
  reading,
  'printed' AS verification,
  margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  document_id
FROM stated
WHERE margin_text IS NOT NULL
UNION ALL BY NAME
SELECT
  first_two.race_id_nascar_feed::VARCHAR AS race_key,
  'live_frame' AS reading,
  'derived' AS verification,
  'time' AS margin_kind,
  first_two.margin_seconds::DECIMAL(12, 4) AS margin_value,
  'seconds' AS margin_unit,
  first_two.margin_seconds::DECIMAL(9, 4) AS margin_seconds,
  3::TINYINT AS margin_decimals,
  FALSE AS is_lower_bound,
  FALSE AS is_approximate,
  first_two.document_id
FROM first_two
ANTI JOIN staging.nascar_feed_cautions AS cautions
  ON
    first_two.race_id_nascar_feed = cautions.race_id_nascar_feed
    AND first_two.laps_completed <= cautions.end_lap;
COMMENT ON VIEW staging.nascar_feed__margins IS 'The margins that the feed prints, and those that the last frame of the live feed gives, in the form of staging.source_margins';
