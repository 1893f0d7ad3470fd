-- Severity: fail
-- A finished season has as many points races as the record books say; they do not list a running season.
SELECT
  seasons.series_id || ' ' || seasons.season AS row_key,
  seasons.points_races,
  count(DISTINCT races.race_id) AS races_listed,
  list(DISTINCT documents.document_id) AS document_ids
FROM core.seasons AS seasons
INNER JOIN core.races AS races
  ON seasons.series_id = races.series_id AND seasons.season = races.season AND races.race_number IS NOT NULL
INNER JOIN core.race_documents AS documents ON races.race_id = documents.race_id
WHERE races.source_id <> 'almanac'
GROUP BY seasons.series_id, seasons.season, seasons.points_races
HAVING count(DISTINCT races.race_id) > seasons.points_races
