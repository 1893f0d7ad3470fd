-- Grain: source_id, owner_name
-- Incremental: source_id
-- Reaches: core.result_statements by source_id, owner_name
CREATE OR REPLACE TABLE core.owner_names AS
WITH spelled AS (
  SELECT
    source_id,
    owner_name,
    min(split_part(race_id, '-', 2)::INTEGER) AS first_season,
    max(split_part(race_id, '-', 2)::INTEGER) AS last_season,
    count(*) AS uses,
    min(document_id) AS document_id
  FROM core.result_statements
  WHERE owner_name IS NOT NULL
  GROUP BY source_id, owner_name
)
SELECT
  spelled.source_id,
  spelled.owner_name,
  coalesce(aliases.owner_id, staging.slug(spelled.owner_name)) AS owner_id,
  spelled.first_season,
  spelled.last_season,
  spelled.uses,
  spelled.document_id
FROM spelled
LEFT JOIN seeds.owner_aliases AS aliases
  ON spelled.owner_name = aliases.owner_name AND spelled.source_id = coalesce(aliases.source_id, spelled.source_id);
COMMENT ON TABLE core.owner_names IS 'Every spelling of an owner''s name in the sources, and whose name it is';
COMMENT ON COLUMN core.owner_names.source_id IS 'The source that spells it so';
COMMENT ON COLUMN core.owner_names.owner_name IS 'The name as the source has it';
COMMENT ON COLUMN core.owner_names.first_season IS 'The first season in which the source has it';
COMMENT ON COLUMN core.owner_names.last_season IS 'The last season';
COMMENT ON COLUMN core.owner_names.uses IS 'How many rows of the source have it';
