-- Grain: one row per spelling of a driver's name
CREATE OR REPLACE TABLE core.driver_names AS
WITH met AS (
  SELECT driver_name, document_id FROM staging.nascar_feed_results
  UNION ALL
  SELECT driver_name, document_id FROM staging.nascar_feed_stage_results
  UNION ALL
  SELECT driver_name, document_id FROM staging.almanac_results
  UNION ALL
  SELECT unnest([winner, runner_up]), document_id FROM staging.almanac_finishes
  UNION ALL
  SELECT unnest([line_winner, line_runner_up, official_winner, official_runner_up]), document_id
  FROM staging.almanac_changed_outcomes
),
spelled AS (
  SELECT driver_name, count(*) AS uses, min(document_id) AS document_id
  FROM met
  WHERE driver_name IS NOT NULL
  GROUP BY driver_name
)
SELECT
  spelled.driver_name,
  coalesce(aliases.driver_id, staging.slug(spelled.driver_name)) AS driver_id,
  spelled.uses,
  spelled.document_id
FROM spelled
LEFT JOIN seeds.driver_aliases AS aliases ON spelled.driver_name = aliases.driver_name;
COMMENT ON TABLE core.driver_names IS 'Every spelling of a driver''s name in the sources, and whose name it is';
COMMENT ON COLUMN core.driver_names.driver_name IS 'The name as a source has it';
COMMENT ON COLUMN core.driver_names.driver_id IS 'The driver; see core.drivers';
COMMENT ON COLUMN core.driver_names.uses IS 'How many rows of the sources have this spelling';
COMMENT ON COLUMN core.driver_names.document_id IS 'A document that has it; see ops.documents';
