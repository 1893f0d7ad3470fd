-- Grain: race_id_nascar_feed, flag_number
CREATE OR REPLACE VIEW staging.nascar_feed_flags AS
SELECT
  race_id AS race_id_nascar_feed,
  flag_number,
  lap_number,
  staging.flag_of_state(flag_state) AS flag,
  elapsed_time::DECIMAL(9, 3) AS elapsed_seconds,
  nullif(trim(comment), '') AS comment,
  nullif(trim(beneficiary), '') AS beneficiary_car_number,
  -- A cast to TIMESTAMP would drop the zone.
  make_timestamp(epoch_us(try_cast(time_of_day_os AS TIMESTAMPTZ))) AS shown_at,
  document_id,
  loaded_at
FROM raw.nascar_feed_flags;
COMMENT ON VIEW staging.nascar_feed_flags IS 'The flags of the feed, cast';
