-- Grain: source_id, driver_name, driver_id
-- Incremental: source_id
-- Reaches: staging.source_races by source_id, winner_name = driver_name, season from first_season to last_season
-- Reaches: staging.source_races by source_id, winner_name_in_results = driver_name, season from first_season to last_season
-- Reaches: staging.source_results by source_id, driver_name, season from first_season to last_season
-- Reaches: staging.source_loop_statistics by source_id, driver_name
-- Reaches: staging.source_stage_results by source_id, driver_name
-- Reaches: staging.source_outcome_changes by source_id, line_winner_name = driver_name
-- Reaches: staging.source_outcome_changes by source_id, line_runner_up_name = driver_name
CREATE OR REPLACE TABLE core.driver_names AS
WITH listed AS (
  SELECT source_id, driver_name, season, mentions, document_id
  FROM staging.source_driver_names
),
others AS (
  -- The sources that do not list their drivers: they are those of their results, and winners whom no result has.
  SELECT DISTINCT races.source_id
  FROM staging.source_races AS races
  ANTI JOIN listed ON races.source_id = listed.source_id
),
in_results AS (
  SELECT results.source_id, results.driver_name, results.season, count(*) AS mentions, min(results.document_id) AS document_id
  FROM staging.source_results AS results
  INNER JOIN others ON results.source_id = others.source_id
  GROUP BY results.source_id, results.driver_name, results.season
),
mentions AS (
  FROM listed
  UNION ALL
  FROM in_results
  UNION ALL
  SELECT races.source_id, races.winner_name, races.season, 1, races.document_id
  FROM staging.source_races AS races
  SEMI JOIN others ON races.source_id = others.source_id
  ANTI JOIN in_results
    ON races.source_id = in_results.source_id AND races.winner_name = in_results.driver_name AND races.season = in_results.season
),
spelled AS (
  SELECT source_id, driver_name, season, sum(mentions) AS uses, min(document_id) AS document_id
  FROM mentions
  WHERE driver_name IS NOT NULL
  GROUP BY source_id, driver_name, season
)
SELECT
  spelled.source_id,
  spelled.driver_name,
  coalesce(aliases.driver_id, staging.driver_slug(spelled.driver_name)) AS driver_id,
  min(spelled.season)::INTEGER AS first_season,
  max(spelled.season)::INTEGER AS last_season,
  sum(spelled.uses)::BIGINT AS uses,
  min(spelled.document_id) AS document_id
FROM spelled
LEFT JOIN seeds.driver_aliases AS aliases
  ON
    spelled.driver_name = aliases.driver_name
    AND spelled.source_id = coalesce(aliases.source_id, spelled.source_id)
    AND spelled.season BETWEEN coalesce(aliases.first_season::INTEGER, 0) AND coalesce(aliases.last_season::INTEGER, 9999)
GROUP BY spelled.source_id, spelled.driver_name, coalesce(aliases.driver_id, staging.driver_slug(spelled.driver_name));
COMMENT ON TABLE core.driver_names IS 'Every spelling of a driver''s name in the sources, and whose name it is; one spelling may stand for two people of different years';
COMMENT ON COLUMN core.driver_names.source_id IS 'The source that spells it so';
COMMENT ON COLUMN core.driver_names.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN core.driver_names.first_season IS 'The first season in which the source has it for this driver';
COMMENT ON COLUMN core.driver_names.last_season IS 'The last season';
COMMENT ON COLUMN core.driver_names.uses IS 'How many rows of the source have it';
COMMENT ON COLUMN core.driver_names.document_id IS 'A document that has it; see ops.documents';
