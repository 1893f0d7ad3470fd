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
  count(*) FILTER (WHERE start_position = 1) AS poles,
  sum(laps_completed)::BIGINT AS laps_completed,
  sum(laps_led)::BIGINT AS laps_led,
  count(*) FILTER (WHERE laps_led > 0) AS races_led,
  round(avg(start_position), 2)::DECIMAL(5, 2) AS average_start,
  round(avg(finish_position), 2)::DECIMAL(5, 2) AS average_finish,
  count(*) FILTER (WHERE status_group IN ('crash', 'mechanical', 'fuel', 'driver', 'parked')) AS did_not_finish,
  count(*) FILTER (WHERE status_group = 'crash') AS crashes,
  count(*) FILTER (WHERE status_group = 'mechanical') AS mechanical_failures,
  count(*) FILTER (WHERE is_disqualified) AS disqualifications,
  sum(points)::BIGINT AS points,
  count(*) FILTER (WHERE start_position IS NULL) AS start_positions_unknown,
  count(*) FILTER (WHERE laps_completed IS NULL) AS laps_unknown,
  count(*) FILTER (WHERE laps_led IS NULL) AS laps_led_unknown,
  count(*) FILTER (WHERE coalesce(status_group, 'unknown') = 'unknown') AS statuses_unknown,
  count(*) FILTER (WHERE points IS NULL) AS points_unknown
FROM marts.starts
GROUP BY driver_id, series_id, season, driver_name;
COMMENT ON VIEW marts.driver_seasons IS 'The record of each driver in each season, points races only; sums are of what is known, the last columns say what they leave out';
COMMENT ON COLUMN marts.driver_seasons.driver_id IS 'The driver; see core.drivers';
COMMENT ON COLUMN marts.driver_seasons.series_id IS 'The series; see core.series';
COMMENT ON COLUMN marts.driver_seasons.season IS 'The season';
COMMENT ON COLUMN marts.driver_seasons.driver_name IS 'The name that is shown';
COMMENT ON COLUMN marts.driver_seasons.starts IS 'Points races that the driver started and is credited with';
COMMENT ON COLUMN marts.driver_seasons.wins IS 'Official wins; the Daytona qualifying races count from 1959 to 1971 and not from 2017 on';
COMMENT ON COLUMN marts.driver_seasons.top_fives IS 'Finishes in the first five';
COMMENT ON COLUMN marts.driver_seasons.top_tens IS 'Finishes in the first ten';
COMMENT ON COLUMN marts.driver_seasons.poles IS 'Starts from the first place of the grid; record books credit the fastest qualifier, who may have started elsewhere';
COMMENT ON COLUMN marts.driver_seasons.laps_completed IS 'Laps completed, in the starts of which they are known; NULL when none is';
COMMENT ON COLUMN marts.driver_seasons.laps_led IS 'Laps led, in the starts of which they are known; NULL when none is';
COMMENT ON COLUMN marts.driver_seasons.races_led IS 'Starts in which at least one lap was led';
COMMENT ON COLUMN marts.driver_seasons.average_start IS 'Mean place on the grid, where known';
COMMENT ON COLUMN marts.driver_seasons.average_finish IS 'Mean official place';
COMMENT ON COLUMN marts.driver_seasons.did_not_finish IS 'Starts that ended before the finish: crash, mechanical, fuel, driver or parked; a disqualification is none';
COMMENT ON COLUMN marts.driver_seasons.crashes IS 'Of these, crashes';
COMMENT ON COLUMN marts.driver_seasons.mechanical_failures IS 'Of these, parts of the car that failed';
COMMENT ON COLUMN marts.driver_seasons.disqualifications IS 'Starts that ended in a disqualification';
COMMENT ON COLUMN marts.driver_seasons.points IS 'Points of the races of which they are known, NULL when none is; no official total, see marts.standings';
COMMENT ON COLUMN marts.driver_seasons.start_positions_unknown IS 'Starts without a known place on the grid: poles and average_start leave them out';
COMMENT ON COLUMN marts.driver_seasons.laps_unknown IS 'Starts without known laps: laps_completed leaves them out';
COMMENT ON COLUMN marts.driver_seasons.laps_led_unknown IS 'Starts without known laps led: laps_led and races_led leave them out';
COMMENT ON COLUMN marts.driver_seasons.statuses_unknown IS 'Starts of which no source says how they ended: did_not_finish leaves them out';
COMMENT ON COLUMN marts.driver_seasons.points_unknown IS 'Starts without known points: points leaves them out';
