-- Grain: race_id_nascar_feed, start_lap
CREATE OR REPLACE VIEW staging.nascar_feed_cautions AS
SELECT
  race_id AS race_id_nascar_feed,
  start_lap,
  end_lap,
  nullif(trim(reason), '') AS reason,
  nullif(trim(comment), '') AS comment,
  nullif(trim(beneficiary_car_number), '') AS beneficiary_car_number,
  document_id,
  loaded_at
FROM raw.nascar_feed_cautions;
COMMENT ON VIEW staging.nascar_feed_cautions IS 'The caution periods of the weekend feeds, cast';
