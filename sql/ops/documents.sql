-- Grain: document_id
CREATE OR REPLACE VIEW ops.documents AS
SELECT
  documents.document_id,
  documents.source_id,
  documents.document_key,
  documents.version,
  documents.state,
  documents.reason,
  documents.url,
  documents.sha256,
  documents.size_bytes,
  documents.http_status,
  documents.etag,
  documents.last_modified_text,
  documents.origin,
  documents.fetched_at,
  documents.checked_at,
  credits.publisher,
  credits.credit
FROM raw.documents AS documents
LEFT JOIN seeds.source_credits AS credits ON documents.source_id = credits.source_id;
COMMENT ON VIEW ops.documents IS 'Every version of every document when this warehouse was built: where each figure comes from. What was quarantined since is in nascar status';
COMMENT ON COLUMN ops.documents.document_id IS 'The id of the version, which rows of the warehouse name';
COMMENT ON COLUMN ops.documents.version IS 'Number of the version among all versions of all documents, in the order of fetching';
COMMENT ON COLUMN ops.documents.state IS 'loaded: its rows are in the warehouse; superseded: a newer version is; quarantined: it could not be loaded';
COMMENT ON COLUMN ops.documents.reason IS 'Why it was quarantined';
COMMENT ON COLUMN ops.documents.url IS 'The public address';
COMMENT ON COLUMN ops.documents.sha256 IS 'SHA-256 of the bytes, their name in the landing';
COMMENT ON COLUMN ops.documents.size_bytes IS 'Size in bytes';
COMMENT ON COLUMN ops.documents.http_status IS 'The HTTP status of the response';
COMMENT ON COLUMN ops.documents.etag IS 'The validator that the source sent';
COMMENT ON COLUMN ops.documents.last_modified_text IS 'When the source says that it changed, verbatim';
COMMENT ON COLUMN ops.documents.origin IS 'Where it was fetched: network, a mirror''s address or folder, or package';
COMMENT ON COLUMN ops.documents.fetched_at IS 'When these bytes were first fetched, UTC';
COMMENT ON COLUMN ops.documents.checked_at IS 'When the document was last requested before this warehouse was built, UTC';
COMMENT ON COLUMN ops.documents.publisher IS 'Who publishes it';
COMMENT ON COLUMN ops.documents.credit IS 'The credit to give when its figures are used';
