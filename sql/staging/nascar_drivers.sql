-- Grain: driver_id_nascar_feed
CREATE OR REPLACE VIEW staging.nascar_drivers AS
SELECT
  driver_id AS driver_id_nascar_feed,
  -- A driver with several pages may have a birth date on one of them; of two that differ neither is taken.
  if(count(DISTINCT nullif(birth_date, '')) = 1, try_cast(left(max(nullif(birth_date, '')), 10) AS DATE), NULL) AS birth_date,
  max(nullif(trim(hometown_city), '')) AS hometown_city,
  max(nullif(trim(hometown_state), '')) AS hometown_state,
  max(nullif(trim(hometown_country), '')) AS hometown_country,
  min(document_id) AS document_id
FROM raw.nascar_drivers
GROUP BY driver_id;
COMMENT ON VIEW staging.nascar_drivers IS 'The league''s list of drivers, cast, one row a driver';
COMMENT ON COLUMN staging.nascar_drivers.birth_date IS 'The day on which the driver was born';
COMMENT ON COLUMN staging.nascar_drivers.hometown_country IS 'The country of the home';
