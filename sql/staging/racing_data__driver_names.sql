-- Grain: driver_name, season, document_id
CREATE OR REPLACE VIEW staging.racing_data__driver_names AS
WITH mentions AS (
  SELECT driver_name, season, document_id FROM staging.racing_data_results
  UNION ALL
  SELECT winner, season, document_id FROM staging.racing_data_races
)
SELECT driver_name, season, count(*) AS mentions, document_id
FROM mentions
GROUP BY driver_name, season, document_id;
COMMENT ON VIEW staging.racing_data__driver_names IS 'The drivers in Racing-Reference''s results and season tables, in the form of staging.source_driver_names';
