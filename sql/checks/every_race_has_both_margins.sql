-- Severity: fail
-- Each race has a margin on both bases, or the reason why it is missing.
SELECT
  races.race_id || ' ' || bases.basis AS row_key,
  (
    SELECT list(documents.document_id)
    FROM core.race_documents AS documents
    WHERE documents.race_id = races.race_id
  ) AS document_ids
FROM core.races AS races
CROSS JOIN (VALUES ('line'), ('official')) AS bases (basis)
LEFT JOIN core.race_margins AS margins ON races.race_id = margins.race_id AND bases.basis = margins.basis
WHERE margins.race_id IS NULL OR (margins.margin_kind IN ('unknown', 'under_caution')) <> (margins.missing_reason IS NOT NULL)
