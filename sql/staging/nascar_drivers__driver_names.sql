-- Grain: driver_name, season, document_id
-- The list has drivers who never entered a race; those of the results of the feed are taken, under the names that they have there.
-- A spelling that stands for different people in different sources is left out: it would name another driver here.
CREATE OR REPLACE VIEW staging.nascar_drivers__driver_names AS
SELECT results.driver_name, weekend.season::INTEGER AS season, count(*) AS mentions, drivers.document_id
FROM staging.nascar_drivers AS drivers
INNER JOIN staging.nascar_feed_results AS results ON drivers.driver_id_nascar_feed = results.driver_id_nascar_feed
INNER JOIN staging.nascar_feed_weekends AS weekend ON results.race_id_nascar_feed = weekend.race_id_nascar_feed
ANTI JOIN seeds.driver_aliases AS aliases ON results.driver_name = aliases.driver_name AND aliases.source_id IS NOT NULL
GROUP BY results.driver_name, weekend.season, drivers.document_id;
COMMENT ON VIEW staging.nascar_drivers__driver_names IS 'The listed drivers whom the results of the feed name, in the form of staging.source_driver_names';
