-- Grain: document_id
-- Reaches: none
CREATE OR REPLACE VIEW staging.documents AS
SELECT
  document_id,
  source_id,
  document_key,
  url,
  state,
  fetched_at
FROM raw.documents;
COMMENT ON VIEW staging.documents IS 'The kept documents, as far as tables of core need to know them';
