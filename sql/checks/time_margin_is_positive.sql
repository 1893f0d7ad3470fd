-- Severity: fail
SELECT race_id || ' ' || basis || ' ' || reading AS row_key, document_id, margin_text, margin_seconds
FROM core.margins
WHERE (margin_kind = 'time') <> (margin_seconds IS NOT NULL) OR margin_seconds <= 0
