-- Grain: driver_name, season, ordinal
CREATE OR REPLACE VIEW staging.nascar_drivers__drivers AS
SELECT
  results.driver_name,
  weekend.season::INTEGER AS season,
  min(drivers.birth_date) AS birth_date,
  count(*) AS mentions,
  min(drivers.document_id) AS document_id
FROM staging.nascar_drivers AS drivers
INNER JOIN staging.nascar_feed_results AS results ON drivers.driver_id_nascar_feed = results.driver_id_nascar_feed
INNER JOIN staging.nascar_feed_weekends AS weekend ON results.race_id_nascar_feed = weekend.race_id_nascar_feed
GROUP BY results.driver_name, weekend.season, drivers.driver_id_nascar_feed
HAVING min(drivers.birth_date) IS NOT NULL;
COMMENT ON VIEW staging.nascar_drivers__drivers IS 'The birth dates of the league''s list, in the form of staging.source_drivers';
