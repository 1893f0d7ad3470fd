-- Severity: fail
-- Two races of one source never share a race_id.
SELECT
  source_id || ' ' || race_id AS row_key,
  min(race_key) AS race_key,
  max(race_key) AS other_race_key,
  list(DISTINCT document_id) AS document_ids
FROM core.source_races
GROUP BY source_id, race_id
HAVING count(*) > 1
