-- Grain: source_id, race_key, driver_name
-- The columns of every staging.<source>__loop_statistics, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_loop_statistics AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::VARCHAR AS driver_name,
  NULL::INTEGER AS position_at_half,
  NULL::INTEGER AS closing_position,
  NULL::INTEGER AS best_position,
  NULL::INTEGER AS worst_position,
  NULL::DECIMAL(5, 2) AS average_position,
  NULL::INTEGER AS green_flag_passes,
  NULL::INTEGER AS green_flag_times_passed,
  NULL::INTEGER AS quality_passes,
  NULL::INTEGER AS fastest_laps,
  NULL::INTEGER AS laps_in_top_fifteen,
  NULL::DECIMAL(5, 2) AS driver_rating,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_loop_statistics IS 'What the timing loops made of each driver''s race, one form for all sources';
COMMENT ON COLUMN staging.source_loop_statistics.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_loop_statistics.driver_name IS 'The driver, as the source has the name';
COMMENT ON COLUMN staging.source_loop_statistics.driver_rating IS 'NASCAR''s driver rating of the race, up to 150';
COMMENT ON COLUMN staging.source_loop_statistics.average_position IS 'Mean running position';
COMMENT ON COLUMN staging.source_loop_statistics.position_at_half IS 'Running position at half of the race';
COMMENT ON COLUMN staging.source_loop_statistics.closing_position IS 'Running position near the end, from which the source counts places gained in closing';
COMMENT ON COLUMN staging.source_loop_statistics.best_position IS 'Best running position';
COMMENT ON COLUMN staging.source_loop_statistics.worst_position IS 'Worst running position';
COMMENT ON COLUMN staging.source_loop_statistics.green_flag_passes IS 'Passes of other cars under green';
COMMENT ON COLUMN staging.source_loop_statistics.green_flag_times_passed IS 'How many times it was passed under green';
COMMENT ON COLUMN staging.source_loop_statistics.quality_passes IS 'Passes under green of cars in the first fifteen';
COMMENT ON COLUMN staging.source_loop_statistics.fastest_laps IS 'Laps on which it was the fastest car';
COMMENT ON COLUMN staging.source_loop_statistics.laps_in_top_fifteen IS 'Laps in the first fifteen';
