-- Grain: document_id
CREATE OR REPLACE TABLE raw.documents (
  document_id VARCHAR NOT NULL PRIMARY KEY,
  source_id VARCHAR NOT NULL,
  document_key VARCHAR NOT NULL,
  version BIGINT NOT NULL,
  url VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL,
  size_bytes BIGINT NOT NULL,
  http_status INTEGER NOT NULL,
  etag VARCHAR,
  last_modified_text VARCHAR,
  origin VARCHAR NOT NULL,
  fetched_at TIMESTAMP NOT NULL,
  checked_at TIMESTAMP NOT NULL,
  state VARCHAR NOT NULL,
  reason VARCHAR
);
COMMENT ON TABLE raw.documents IS 'What the landing knew of each version of each document when this warehouse was built; see ops.documents';
