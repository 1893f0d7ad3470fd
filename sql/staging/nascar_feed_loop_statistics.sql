-- Grain: race_id_nascar_feed, driver_id_nascar_feed
CREATE OR REPLACE VIEW staging.nascar_feed_loop_statistics AS
SELECT
  race_id AS race_id_nascar_feed,
  driver_id AS driver_id_nascar_feed,
  nullif(mid_ps, 0) AS position_at_half,
  nullif(closing_ps, 0) AS closing_position,
  nullif(best_ps, 0) AS best_position,
  nullif(worst_ps, 0) AS worst_position,
  nullif(avg_ps, 0)::DECIMAL(5, 2) AS average_position,
  passes_gf AS green_flag_passes,
  passed_gf AS green_flag_times_passed,
  quality_passes,
  fast_laps AS fastest_laps,
  top15_laps AS laps_in_top_fifteen,
  nullif(rating, 0)::DECIMAL(5, 2) AS driver_rating,
  document_id,
  loaded_at
FROM raw.nascar_feed_loop_statistics;
COMMENT ON VIEW staging.nascar_feed_loop_statistics IS 'The loop data of the feed, cast';
