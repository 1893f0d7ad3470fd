-- Grain: race_id, finish_position
CREATE OR REPLACE VIEW staging.almanac_results AS
SELECT
  race_id,
  finish_position::INTEGER AS finish_position,
  driver_name,
  car_number,
  make,
  laps_completed::INTEGER AS laps_completed,
  status,
  note,
  source_url,
  document_id,
  loaded_at
FROM raw.almanac_results;
COMMENT ON VIEW staging.almanac_results IS 'Results that the almanac states, cast';
