-- Grain: source_id
CREATE OR REPLACE VIEW ops.freshness AS
WITH races AS (
  SELECT source_id, max(race_date) AS last_race_date
  FROM core.source_races
  GROUP BY source_id
)
SELECT
  documents.source_id,
  count(DISTINCT documents.document_key) AS documents,
  count(*) FILTER (WHERE documents.state = 'quarantined') AS quarantined,
  max(documents.fetched_at) AS last_new_at,
  max(documents.checked_at) AS last_checked_at,
  max(races.last_race_date) AS last_race_date
FROM raw.documents AS documents
LEFT JOIN races ON documents.source_id = races.source_id
GROUP BY documents.source_id;
COMMENT ON VIEW ops.freshness IS 'How fresh each source was when this warehouse was published; nascar status shows it now';
COMMENT ON COLUMN ops.freshness.documents IS 'Documents of the source';
COMMENT ON COLUMN ops.freshness.quarantined IS 'Versions of documents that could not be loaded';
COMMENT ON COLUMN ops.freshness.last_new_at IS 'When a new version was last fetched, UTC';
COMMENT ON COLUMN ops.freshness.last_checked_at IS 'When the source was last requested, UTC';
COMMENT ON COLUMN ops.freshness.last_race_date IS 'The day of its last race';
