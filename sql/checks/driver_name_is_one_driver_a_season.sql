-- Severity: fail
-- A spelling that two drivers share means one of them up to a season and the other after it; results are joined by name and season.
SELECT
  names.source_id || ' ' || names.driver_name AS row_key,
  names.driver_id,
  others.driver_id AS other_driver_id,
  list_distinct([names.document_id, others.document_id]) AS document_ids
FROM core.driver_names AS names
INNER JOIN core.driver_names AS others
  ON
    names.source_id = others.source_id
    AND names.driver_name = others.driver_name
    AND names.driver_id < others.driver_id
    AND names.first_season <= others.last_season
    AND names.last_season >= others.first_season
