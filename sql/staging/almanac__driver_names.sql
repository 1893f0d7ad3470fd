-- Grain: driver_name, season, document_id
CREATE OR REPLACE VIEW staging.almanac__driver_names AS
WITH changed AS (
  SELECT *, split_part(race_id, '-', 2)::INTEGER AS season FROM staging.almanac_changed_outcomes
),
mentions AS (
  SELECT driver_name, split_part(race_id, '-', 2)::INTEGER AS season, document_id FROM staging.almanac_results
  UNION ALL
  SELECT driver_name, through_season, document_id FROM staging.almanac_career_wins
  UNION ALL
  SELECT winner, season, document_id FROM staging.almanac_finishes
  UNION ALL
  SELECT runner_up, season, document_id FROM staging.almanac_finishes
  UNION ALL
  SELECT winner, season, document_id FROM staging.almanac_margins
  UNION ALL
  SELECT runner_up, season, document_id FROM staging.almanac_margins
  UNION ALL
  SELECT line_winner, season, document_id FROM changed
  UNION ALL
  SELECT line_runner_up, season, document_id FROM changed
  UNION ALL
  SELECT official_winner, season, document_id FROM changed
  UNION ALL
  SELECT official_runner_up, season, document_id FROM changed
)
SELECT driver_name, season, count(*) AS mentions, document_id
FROM mentions
GROUP BY driver_name, season, document_id;
COMMENT ON VIEW staging.almanac__driver_names IS 'The drivers in all tables of the almanac, in the form of staging.source_driver_names';
