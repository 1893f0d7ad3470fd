-- Grain: one row per owner
CREATE OR REPLACE TABLE core.owners AS
WITH spelled AS (
  SELECT
    owner_id,
    owner_name,
    count(*) AS uses,
    min(split_part(race_id, '-', 2)::INTEGER) AS first_season,
    max(split_part(race_id, '-', 2)::INTEGER) AS last_season,
    min(document_id) AS document_id
  FROM core.result_statements
  WHERE owner_id IS NOT NULL
  GROUP BY owner_id, owner_name
)
SELECT
  owner_id,
  arg_max(owner_name, (uses, owner_name)) AS owner_name,
  min(first_season) AS first_season,
  max(last_season) AS last_season,
  min(document_id) AS document_id
FROM spelled
GROUP BY owner_id;
COMMENT ON TABLE core.owners IS 'The owners of cars, as the sources name them: people, and at times teams';
COMMENT ON COLUMN core.owners.owner_id IS 'Our id';
COMMENT ON COLUMN core.owners.owner_name IS 'The name as it is spelled most often';
COMMENT ON COLUMN core.owners.first_season IS 'The first season with a result';
COMMENT ON COLUMN core.owners.last_season IS 'The last season with a result';
COMMENT ON COLUMN core.owners.document_id IS 'A document that has it; see ops.documents';
