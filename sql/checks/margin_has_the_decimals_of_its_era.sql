-- Severity: fail
-- Electronic timing has three decimals at most; the only known margin with four is from the second series.
SELECT margins.race_id || ' ' || margins.basis AS row_key, margins.document_id, margins.margin_text, margins.margin_decimals
FROM core.race_margins AS margins
INNER JOIN core.races AS races ON margins.race_id = races.race_id
WHERE
  margins.margin_decimals > core.finest_decimals(races.series_id)
  -- A likely misprint is marked as doubtful, and is never ranked; margin_is_as_fine_as_timing reports it.
  AND margins.verification <> 'doubtful'
