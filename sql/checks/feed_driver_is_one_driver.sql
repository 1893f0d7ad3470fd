-- Severity: warn
-- The league's id of a driver means one driver. If it means two, the name decides; review the rows.
SELECT
  feed.driver_id_nascar_feed::VARCHAR AS row_key,
  min(results.driver_id) AS driver_id,
  max(results.driver_id) AS other_driver_id
FROM core.results AS results
INNER JOIN staging.nascar_feed_results AS feed ON results.result_id_nascar_feed = feed.result_id_nascar_feed
WHERE feed.driver_id_nascar_feed IS NOT NULL
GROUP BY feed.driver_id_nascar_feed
HAVING min(results.driver_id) <> max(results.driver_id)
