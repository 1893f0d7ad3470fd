-- Grain: driver_name, season, document_id
CREATE OR REPLACE VIEW staging.wikipedia__driver_names AS
WITH mentions AS (
  SELECT winner AS driver_name, season, document_id FROM staging.wikipedia_closest_finishes
  UNION ALL
  SELECT runner_up, season, document_id FROM staging.wikipedia_closest_finishes
)
SELECT driver_name, season, count(*) AS mentions, document_id
FROM mentions
GROUP BY driver_name, season, document_id;
COMMENT ON VIEW staging.wikipedia__driver_names IS 'The drivers in the list of closest finishes, in the form of staging.source_driver_names';
