-- Grain: one row per team
CREATE OR REPLACE TABLE core.teams AS
WITH spelled AS (
  SELECT
    team_name,
    count(*) AS entries,
    max(result_id_nascar_feed) AS last_result_id,
    min(document_id) AS document_id
  FROM staging.nascar_feed_results
  WHERE team_name IS NOT NULL
  GROUP BY team_name
)
SELECT
  staging.slug(team_name) AS team_id,
  arg_max(team_name, last_result_id) AS team_name,
  sum(entries)::BIGINT AS entries,
  min(document_id) AS document_id
FROM spelled
GROUP BY staging.slug(team_name);
COMMENT ON TABLE core.teams IS 'The teams that entered cars, under the names that they used';
COMMENT ON COLUMN core.teams.team_id IS 'Our id';
COMMENT ON COLUMN core.teams.team_name IS 'The name as last spelled';
COMMENT ON COLUMN core.teams.entries IS 'How many results it has';
COMMENT ON COLUMN core.teams.document_id IS 'A document that has it; see ops.documents';
