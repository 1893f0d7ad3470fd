-- Severity: fail
-- A margin that differs from the selected one is listed in ops.discrepancies.
SELECT
  margins.race_id || ' ' || margins.basis || ' ' || margins.reading AS row_key,
  margins.document_id,
  margins.margin_text,
  selected.margin_text AS selected_text
FROM core.margins AS margins
INNER JOIN core.race_margins AS selected ON margins.race_id = selected.race_id AND margins.basis = selected.basis
ANTI JOIN ops.discrepancies AS listed
  ON
    margins.race_id = listed.race_id
    AND listed.fact = 'margin_' || margins.basis
    AND margins.reading = listed.other_reading
WHERE
  selected.margin_kind <> 'unknown'
  AND margins.reading <> selected.reading
  AND (margins.margin_kind <> selected.margin_kind OR margins.margin_seconds IS DISTINCT FROM selected.margin_seconds)
