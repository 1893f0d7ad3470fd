-- Grain: document_id, table_name, row_key, column_name (may be NULL)
CREATE OR REPLACE TABLE raw.changes (
  source_id VARCHAR NOT NULL,
  document_key VARCHAR NOT NULL,
  table_name VARCHAR NOT NULL,
  row_key VARCHAR NOT NULL,
  column_name VARCHAR,
  change_kind VARCHAR NOT NULL,
  old_value VARCHAR,
  new_value VARCHAR,
  is_correction BOOLEAN NOT NULL,
  old_document_id VARCHAR NOT NULL,
  document_id VARCHAR NOT NULL,
  seen_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.changes IS 'Differences between consecutive versions of a document, as the loader found them; see ops.changes';
