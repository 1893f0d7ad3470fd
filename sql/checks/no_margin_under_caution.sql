-- Severity: fail
SELECT race_id || ' ' || basis AS row_key, document_id, margin_seconds
FROM core.race_margins
WHERE margin_kind = 'under_caution' AND (margin_seconds IS NOT NULL OR margin_value IS NOT NULL)
