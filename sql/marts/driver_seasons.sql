-- Grain: driver_id, series_id, season
CREATE OR REPLACE VIEW marts.driver_seasons AS
SELECT
  driver_id,
  series_id,
  season,
  driver_name,
  count(*) AS starts,
  count(*) FILTER (WHERE is_win) AS wins,
  count(*) FILTER (WHERE finish_position <= 5) AS top_fives,
  count(*) FILTER (WHERE finish_position <= 10) AS top_tens,
  count(*) FILTER (WHERE start_position = 1) AS starts_from_first,
  cast(sum(laps_completed) AS BIGINT) AS laps_completed,
  cast(sum(laps_led) AS BIGINT) AS laps_led,
  count(*) FILTER (WHERE laps_led > 0) AS races_led,
  cast(round(avg(start_position), 2) AS DECIMAL(5, 2)) AS average_start,
  cast(round(avg(finish_position), 2) AS DECIMAL(5, 2)) AS average_finish,
  count(*) FILTER (WHERE status_group IN ('crash', 'mechanical', 'fuel', 'driver', 'parked')) AS did_not_finish,
  count(*) FILTER (WHERE status_group = 'crash') AS crashes,
  count(*) FILTER (WHERE status_group = 'mechanical') AS mechanical_failures,
  count(*) FILTER (WHERE is_disqualified) AS disqualifications,
  cast(sum(points) AS BIGINT) AS points,
  count(*) FILTER (WHERE start_position IS NULL) AS start_positions_unknown,
  count(*) FILTER (WHERE laps_completed IS NULL) AS laps_unknown,
  count(*) FILTER (WHERE laps_led IS NULL) AS laps_led_unknown,
  count(*) FILTER (WHERE coalesce(status_group, 'unknown') = 'unknown') AS statuses_unknown,
  count(*) FILTER (WHERE points IS NULL) AS points_unknown
FROM marts.starts
GROUP BY driver_id, series_id, season, driver_name;
COMMENT ON VIEW marts.driver_seasons IS 'The record of each driver in each season, points races only; sums cover what is known, the last columns count what they leave out';
COMMENT ON COLUMN marts.driver_seasons.laps_completed IS 'Laps completed, in the starts with known laps; NULL when all are unknown';
COMMENT ON COLUMN marts.driver_seasons.laps_led IS 'Laps led, in the starts with known laps led; NULL when all are unknown';
COMMENT ON COLUMN marts.driver_seasons.points IS 'Sum of the known points; NULL when all are unknown; not an official total, see marts.standings';
