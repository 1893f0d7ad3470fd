-- Grain: driver_name, season, ordinal
CREATE OR REPLACE VIEW staging.nascar_feed__drivers AS
SELECT
  results.driver_name,
  weekend.season::INTEGER AS season,
  results.result_id_nascar_feed AS ordinal,
  results.hometown_city,
  results.hometown_state,
  1::BIGINT AS mentions,
  results.document_id
FROM staging.nascar_feed_results AS results
INNER JOIN staging.nascar_feed_weekends AS weekend ON results.race_id_nascar_feed = weekend.race_id_nascar_feed;
COMMENT ON VIEW staging.nascar_feed__drivers IS 'The homes of drivers by the feed, which repeats them with each result, in the form of staging.source_drivers';
