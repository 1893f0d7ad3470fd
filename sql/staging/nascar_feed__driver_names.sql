-- Grain: driver_name, season, document_id
CREATE OR REPLACE VIEW staging.nascar_feed__driver_names AS
WITH mentions AS (
  SELECT race_id_nascar_feed, driver_name, document_id FROM staging.nascar_feed_results
  UNION ALL
  SELECT race_id_nascar_feed, driver_name, document_id FROM staging.nascar_feed_stage_results
)
SELECT mentions.driver_name, weekend.season::INTEGER AS season, count(*) AS mentions, mentions.document_id
FROM mentions
INNER JOIN staging.nascar_feed_weekends AS weekend ON mentions.race_id_nascar_feed = weekend.race_id_nascar_feed
GROUP BY mentions.driver_name, weekend.season, mentions.document_id;
COMMENT ON VIEW staging.nascar_feed__driver_names IS 'The drivers in the results and stage results of the feed, in the form of staging.source_driver_names';
