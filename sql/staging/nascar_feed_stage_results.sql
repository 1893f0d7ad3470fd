-- Grain: race_id_nascar_feed, stage_number, stage_position
CREATE OR REPLACE VIEW staging.nascar_feed_stage_results AS
SELECT
  race_id AS race_id_nascar_feed,
  stage_number,
  finishing_position AS stage_position,
  trim(car_number) AS car_number,
  nullif(trim(driver_fullname), '') AS driver_name,
  stage_points,
  document_id,
  loaded_at
FROM raw.nascar_feed_stage_results;
COMMENT ON VIEW staging.nascar_feed_stage_results IS 'The first ten of each stage of the weekend feeds, cast';
