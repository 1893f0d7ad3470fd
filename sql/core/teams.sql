-- Grain: team_id
CREATE OR REPLACE TABLE core.teams AS
SELECT
  team_id,
  arg_max(team_name, (last_season, uses, team_name)) AS team_name,
  min(first_season) AS first_season,
  max(last_season) AS last_season,
  sum(uses)::BIGINT AS entries,
  min(document_id) AS document_id
FROM core.team_names
GROUP BY team_id;
COMMENT ON TABLE core.teams IS 'The teams that entered cars; core.team_names has the names that they used and when';
COMMENT ON COLUMN core.teams.team_id IS 'Our id';
COMMENT ON COLUMN core.teams.first_season IS 'The first season with a result';
COMMENT ON COLUMN core.teams.last_season IS 'The last season with a result';
COMMENT ON COLUMN core.teams.entries IS 'How many readings of results name it';
