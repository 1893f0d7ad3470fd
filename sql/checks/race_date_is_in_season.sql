-- Severity: fail
-- A season is a calendar year; its races of the autumn before are listed exceptions. nascaR.data has no dates.
SELECT
  races.race_id AS row_key,
  races.season,
  races.race_date,
  (
    SELECT list(documents.document_id)
    FROM core.race_documents AS documents
    WHERE documents.race_id = races.race_id
  ) AS document_ids
FROM core.races AS races
WHERE year(race_date) <> season OR (race_date IS NULL AND source_id <> 'nascar_results')
