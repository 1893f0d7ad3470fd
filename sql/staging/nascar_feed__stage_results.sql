-- Grain: race_key, stage_number, car_number
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__stage_results AS
SELECT
  race_id_nascar_feed::VARCHAR AS race_key,
  stage_number::INTEGER AS stage_number,
  stage_position::INTEGER AS stage_position,
  car_number,
  driver_name,
  stage_points::INTEGER AS stage_points,
  document_id
FROM staging.nascar_feed_stage_results;
COMMENT ON VIEW staging.nascar_feed__stage_results IS 'The stage results of the weekend feeds in the form of staging.source_stage_results';
