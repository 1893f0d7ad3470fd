-- Grain: owner_id
CREATE OR REPLACE TABLE core.owners AS
SELECT
  owner_id,
  arg_max(owner_name, (uses, owner_name)) AS owner_name,
  min(first_season) AS first_season,
  max(last_season) AS last_season,
  min(document_id) AS document_id
FROM core.owner_names
WHERE owner_id IS NOT NULL
GROUP BY owner_id;
COMMENT ON TABLE core.owners IS 'The owners of cars, as the sources name them: people, and at times teams';
COMMENT ON COLUMN core.owners.owner_id IS 'Our id';
COMMENT ON COLUMN core.owners.owner_name IS 'The name as it is spelled most often';
COMMENT ON COLUMN core.owners.first_season IS 'The first season with a result';
COMMENT ON COLUMN core.owners.last_season IS 'The last season with a result';
