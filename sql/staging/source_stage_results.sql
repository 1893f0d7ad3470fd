-- Grain: source_id, race_key, stage_number, car_number
-- The columns of every staging.<source>__stage_results, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_stage_results AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::INTEGER AS stage_number,
  NULL::INTEGER AS stage_position,
  NULL::VARCHAR AS car_number,
  NULL::VARCHAR AS driver_name,
  NULL::INTEGER AS stage_points,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_stage_results IS 'The first ten cars at the end of each stage but the last, one form for all sources';
COMMENT ON COLUMN staging.source_stage_results.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_stage_results.stage_number IS 'The stage, from 1';
COMMENT ON COLUMN staging.source_stage_results.stage_position IS 'The place at the end of the stage';
COMMENT ON COLUMN staging.source_stage_results.driver_name IS 'The driver, as the source has the name';
COMMENT ON COLUMN staging.source_stage_results.stage_points IS 'Points for the place';
