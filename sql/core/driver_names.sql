-- Grain: source_id, driver_name, driver_id
CREATE OR REPLACE TABLE core.driver_names AS
WITH met AS (
  SELECT 'nascar_feed' AS source_id, results.driver_name, weekend.season, results.document_id
  FROM staging.nascar_feed_results AS results
  INNER JOIN staging.nascar_feed_weekends AS weekend ON results.race_id_nascar_feed = weekend.race_id_nascar_feed
  UNION ALL
  SELECT 'nascar_feed', stages.driver_name, weekend.season, stages.document_id
  FROM staging.nascar_feed_stage_results AS stages
  INNER JOIN staging.nascar_feed_weekends AS weekend ON stages.race_id_nascar_feed = weekend.race_id_nascar_feed
  UNION ALL
  SELECT 'nascar_results', driver_name, season, document_id FROM staging.nascar_results_results
  UNION ALL
  SELECT 'racing_data', driver_name, season, document_id FROM staging.racing_data_results
  UNION ALL
  SELECT 'racing_data', winner, season, document_id FROM staging.racing_data_races
  UNION ALL
  SELECT 'racing_reference_pages', driver_name, season, document_id FROM staging.racing_reference_pages_results
  UNION ALL
  SELECT 'wikipedia', unnest([winner, runner_up]), season, document_id FROM staging.wikipedia_closest_finishes
  UNION ALL
  SELECT 'almanac', driver_name, split_part(race_id, '-', 2)::INTEGER, document_id FROM staging.almanac_results
  UNION ALL
  SELECT 'almanac', driver_name, through_season, document_id FROM staging.almanac_career_wins
  UNION ALL
  SELECT 'almanac', unnest([winner, runner_up]), season, document_id FROM staging.almanac_finishes
  UNION ALL
  SELECT
    'almanac',
    unnest([line_winner, line_runner_up, official_winner, official_runner_up]),
    split_part(race_id, '-', 2)::INTEGER,
    document_id
  FROM staging.almanac_changed_outcomes
),
spelled AS (
  SELECT source_id, driver_name, season, count(*) AS uses, min(document_id) AS document_id
  FROM met
  WHERE driver_name IS NOT NULL
  GROUP BY source_id, driver_name, season
)
SELECT
  spelled.source_id,
  spelled.driver_name,
  coalesce(aliases.driver_id, staging.slug(spelled.driver_name)) AS driver_id,
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
GROUP BY spelled.source_id, spelled.driver_name, coalesce(aliases.driver_id, staging.slug(spelled.driver_name));
COMMENT ON TABLE core.driver_names IS 'Every spelling of a driver''s name in the sources, and whose name it is; one spelling may stand for two people of different years';
COMMENT ON COLUMN core.driver_names.source_id IS 'The source that spells it so';
COMMENT ON COLUMN core.driver_names.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN core.driver_names.driver_id IS 'The driver; see core.drivers';
COMMENT ON COLUMN core.driver_names.first_season IS 'The first season in which the source has it for this driver';
COMMENT ON COLUMN core.driver_names.last_season IS 'The last season';
COMMENT ON COLUMN core.driver_names.uses IS 'How many rows of the source have it';
COMMENT ON COLUMN core.driver_names.document_id IS 'A document that has it; see ops.documents';
