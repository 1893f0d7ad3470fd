-- Severity: warn
-- Lap times whose drivers are not the race's stay in staging and are left out of core.laps.
WITH shown AS (
  SELECT DISTINCT races.race_id_nascar_feed
  FROM core.laps AS laps
  INNER JOIN core.races AS races ON laps.race_id = races.race_id
)
SELECT
  ids.race_id AS row_key,
  any_value(laps.document_id) AS document_id
FROM staging.nascar_feed_laps AS laps
INNER JOIN core.source_races AS ids
  ON ids.source_id = 'nascar_feed' AND laps.race_id_nascar_feed::VARCHAR = ids.race_key
ANTI JOIN shown ON laps.race_id_nascar_feed = shown.race_id_nascar_feed
GROUP BY ids.race_id
