-- Severity: warn
-- The league's id of a driver stands for one person; where it does not, the name decides and somebody should look.
SELECT
  results.driver_id_nascar_feed,
  string_agg(DISTINCT names.driver_id, ', ' ORDER BY names.driver_id) AS drivers
FROM staging.nascar_feed_results AS results
INNER JOIN staging.nascar_feed_weekends AS weekend ON results.race_id_nascar_feed = weekend.race_id_nascar_feed
INNER JOIN core.driver_names AS names
  ON
    names.source_id = 'nascar_feed'
    AND results.driver_name = names.driver_name
    AND weekend.season BETWEEN names.first_season AND names.last_season
WHERE results.driver_id_nascar_feed IS NOT NULL
GROUP BY results.driver_id_nascar_feed
HAVING count(DISTINCT names.driver_id) > 1
