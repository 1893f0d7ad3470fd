-- Severity: notice
-- The season's index and the weekend feed name the winner of a race by the same id; the feed's results are used.
SELECT
  ids.race_id AS row_key,
  listed.winner_id_nascar_feed AS winner_id_in_the_index,
  results.driver_name AS winner_in_the_feed,
  results.document_id
FROM staging.nascar_feed_races AS listed
INNER JOIN staging.nascar_feed_results AS results
  ON listed.race_id_nascar_feed = results.race_id_nascar_feed AND results.finish_position = 1
INNER JOIN core.source_races AS ids
  ON ids.source_id = 'nascar_feed' AND listed.race_id_nascar_feed::VARCHAR = ids.race_key
WHERE listed.winner_id_nascar_feed > 0 AND results.driver_id_nascar_feed <> listed.winner_id_nascar_feed
