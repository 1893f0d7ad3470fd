-- Grain: race_id, document_id
-- Incremental: race_id
CREATE OR REPLACE TABLE core.race_documents AS
WITH stated AS (
  SELECT source_id, race_key, is_keyed_by_our_ids, document_id FROM staging.source_races
  UNION ALL
  SELECT source_id, race_key, is_keyed_by_our_ids, document_id FROM staging.source_margins
)
SELECT
  coalesce(ids.race_id, stated.race_key) AS race_id,
  stated.document_id,
  stated.source_id
FROM stated
LEFT JOIN core.source_races AS ids ON stated.source_id = ids.source_id AND stated.race_key = ids.race_key
WHERE ids.race_id IS NOT NULL OR stated.is_keyed_by_our_ids
UNION
SELECT race_id, document_id, source_id
FROM core.result_statements;
COMMENT ON TABLE core.race_documents IS 'The documents that state something about each race: those that a failing check of the race names';
