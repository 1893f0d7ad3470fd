-- Grain: race_key, stage_number, car_number
CREATE OR REPLACE VIEW staging.nascar_results__stage_results AS
WITH places AS (
  SELECT race_key, 1 AS stage_number, stage_1_position AS stage_position, car_number, driver_name, document_id
  FROM staging.nascar_results_results
  UNION ALL
  SELECT race_key, 2, stage_2_position, car_number, driver_name, document_id
  FROM staging.nascar_results_results
)
SELECT
  race_key,
  stage_number::INTEGER AS stage_number,
  stage_position,
  car_number,
  driver_name,
  document_id
FROM places
WHERE stage_position IS NOT NULL AND car_number IS NOT NULL;
COMMENT ON VIEW staging.nascar_results__stage_results IS 'The places at the end of stages of nascaR.data in the form of staging.source_stage_results';
