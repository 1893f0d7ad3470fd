-- Severity: fail
-- A race_id must mean the same race in the almanac and in the other sources.
SELECT
  finishes.race_id AS row_key,
  finishes.race_date,
  races.race_date AS race_date_of_others,
  finishes.race_name,
  races.race_name AS race_name_of_others,
  (
    SELECT list(documents.document_id)
    FROM core.race_documents AS documents
    WHERE documents.race_id = races.race_id
  ) AS document_ids
FROM staging.almanac_finishes AS finishes
INNER JOIN core.races AS races ON finishes.race_id = races.race_id
WHERE abs(finishes.race_date - races.race_date) > 1
