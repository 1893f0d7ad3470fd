-- Grain: team_name
-- Reaches: core.result_statements by team_name
CREATE OR REPLACE TABLE core.team_names AS
SELECT
  readings.team_name,
  coalesce(any_value(aliases.team_id), staging.slug(readings.team_name)) AS team_id,
  min(split_part(readings.race_id, '-', 2)::INTEGER) AS first_season,
  max(split_part(readings.race_id, '-', 2)::INTEGER) AS last_season,
  count(*) AS uses,
  min(readings.document_id) AS document_id
FROM core.result_statements AS readings
LEFT JOIN seeds.team_aliases AS aliases ON readings.team_name = aliases.team_name
WHERE readings.team_name IS NOT NULL
GROUP BY readings.team_name;
COMMENT ON TABLE core.team_names IS 'Every name of a team in the sources, and which team it is';
COMMENT ON COLUMN core.team_names.team_name IS 'The name as a source has it';
COMMENT ON COLUMN core.team_names.first_season IS 'The first season in which a source has it';
COMMENT ON COLUMN core.team_names.last_season IS 'The last season';
COMMENT ON COLUMN core.team_names.uses IS 'How many rows of the sources have it';
