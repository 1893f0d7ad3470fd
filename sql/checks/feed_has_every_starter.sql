-- Severity: notice
-- A weekend feed with results has a place for each car that it counts in the field.
SELECT
  ids.race_id AS row_key,
  weekends.starters,
  count(results.finish_position) AS places,
  any_value(weekends.document_id) AS document_id
FROM staging.nascar_feed_weekends AS weekends
INNER JOIN staging.nascar_feed_results AS results ON weekends.race_id_nascar_feed = results.race_id_nascar_feed
INNER JOIN core.source_races AS ids
  ON ids.source_id = 'nascar_feed' AND weekends.race_id_nascar_feed::VARCHAR = ids.race_key
GROUP BY ids.race_id, weekends.starters
HAVING count(results.finish_position) BETWEEN 1 AND weekends.starters - 1
