-- Grain: race_id_nascar_feed, start_lap, end_lap
CREATE OR REPLACE VIEW staging.nascar_feed_leaders AS
SELECT
  race_id AS race_id_nascar_feed,
  start_lap,
  end_lap,
  trim(car_number) AS car_number,
  document_id,
  loaded_at
FROM raw.nascar_feed_leaders;
COMMENT ON VIEW staging.nascar_feed_leaders IS 'The leaders of the weekend feeds, cast';
