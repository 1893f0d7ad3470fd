-- Grain: race_key, driver_name
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__loop_statistics AS
WITH drivers AS (
  -- The loop data have no names, the results of the race do.
  SELECT race_id_nascar_feed, driver_name, min(driver_id_nascar_feed) AS driver_id_nascar_feed
  FROM staging.nascar_feed_results
  WHERE driver_name IS NOT NULL AND driver_id_nascar_feed IS NOT NULL
  GROUP BY race_id_nascar_feed, driver_name
)
SELECT
  loops.race_id_nascar_feed::VARCHAR AS race_key,
  drivers.driver_name,
  loops.position_at_half::INTEGER AS position_at_half,
  loops.closing_position::INTEGER AS closing_position,
  loops.best_position::INTEGER AS best_position,
  loops.worst_position::INTEGER AS worst_position,
  loops.average_position,
  loops.green_flag_passes::INTEGER AS green_flag_passes,
  loops.green_flag_times_passed::INTEGER AS green_flag_times_passed,
  loops.quality_passes::INTEGER AS quality_passes,
  loops.fastest_laps::INTEGER AS fastest_laps,
  loops.laps_in_top_fifteen::INTEGER AS laps_in_top_fifteen,
  loops.driver_rating,
  loops.document_id
FROM staging.nascar_feed_loop_statistics AS loops
INNER JOIN drivers
  ON loops.race_id_nascar_feed = drivers.race_id_nascar_feed AND loops.driver_id_nascar_feed = drivers.driver_id_nascar_feed;
COMMENT ON VIEW staging.nascar_feed__loop_statistics IS 'The loop data of the feed in the form of staging.source_loop_statistics';
