-- Grain: race_id, stage_number, car_number
CREATE OR REPLACE TABLE core.stage_results AS
SELECT
  ids.race_id,
  stages.stage_number,
  stages.stage_position,
  stages.car_number,
  names.driver_id,
  stages.stage_points,
  stages.source_id,
  stages.document_id
FROM staging.source_stage_results AS stages
INNER JOIN core.source_races AS ids ON stages.source_id = ids.source_id AND stages.race_key = ids.race_key
LEFT JOIN core.driver_names AS names
  ON
    stages.source_id = names.source_id
    AND stages.driver_name = names.driver_name
    AND ids.season BETWEEN names.first_season AND names.last_season;
COMMENT ON TABLE core.stage_results IS 'The first ten cars at the end of each stage but the last';
COMMENT ON COLUMN core.stage_results.stage_number IS 'The stage, from 1';
COMMENT ON COLUMN core.stage_results.stage_position IS 'The place at its end';
COMMENT ON COLUMN core.stage_results.stage_points IS 'Championship points that the place gave';
