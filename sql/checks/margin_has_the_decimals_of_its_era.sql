-- Severity: fail
-- Electronic timing has three decimals at most; the only known margin with four is from the second series.
SELECT margins.race_id || ' ' || margins.basis AS row_key, margins.document_id, margins.margin_text, margins.margin_decimals
FROM core.race_margins AS margins
INNER JOIN core.races AS races ON margins.race_id = races.race_id
WHERE
  margins.margin_decimals > if(races.series_id = 'cup', 3, 4)
  -- A likely misprint is marked as doubtful where it was collected, and is never ranked.
  AND margins.verification <> 'doubtful'
