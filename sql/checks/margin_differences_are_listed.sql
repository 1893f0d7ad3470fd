-- Severity: fail
-- A reading of a margin that says something else than the one that is believed is a discrepancy, and listed as one.
SELECT margins.race_id || ' ' || margins.basis || ' ' || margins.reading AS row_key, margins.margin_text, believed.margin_text AS text_believed
FROM core.margins AS margins
INNER JOIN core.race_margins AS believed ON margins.race_id = believed.race_id AND margins.basis = believed.basis
ANTI JOIN ops.discrepancies AS listed
  ON
    margins.race_id = listed.race_id
    AND listed.fact = 'margin_' || margins.basis
    AND margins.reading = listed.other_reading
WHERE
  believed.margin_kind <> 'unknown'
  AND margins.reading <> believed.reading
  AND (margins.margin_kind <> believed.margin_kind OR margins.margin_seconds IS DISTINCT FROM believed.margin_seconds)
