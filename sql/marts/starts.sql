-- Grain: race_id, driver_id
CREATE OR REPLACE VIEW marts.starts AS
WITH led AS (
  -- Every race has a leader: if no car of a race led a lap, its laps led are unknown.
  SELECT race_id
  FROM core.results
  GROUP BY race_id
  HAVING max(laps_led) > 0
)
SELECT
  races.series_id,
  races.season,
  races.race_id,
  races.race_number,
  races.race_date,
  races.race_name,
  races.event_id,
  races.track_id,
  results.driver_id,
  drivers.driver_name,
  results.car_number,
  results.team_id,
  results.manufacturer_id,
  results.start_position,
  results.finish_position,
  results.laps_completed,
  CASE WHEN led.race_id IS NOT NULL THEN results.laps_led END AS laps_led,
  results.status,
  results.status_group,
  results.is_disqualified,
  results.points,
  results.gap_seconds,
  results.finish_position = 1 AND races.counts_as_official_win AS is_win,
  results.source_id,
  results.document_id
FROM core.results AS results
INNER JOIN core.races AS races ON results.race_id = races.race_id
INNER JOIN core.drivers AS drivers ON results.driver_id = drivers.driver_id
LEFT JOIN led ON results.race_id = led.race_id
LEFT JOIN core.repeated_starts AS repeated ON results.race_id = repeated.race_id AND results.driver_id = repeated.driver_id
WHERE
  results.is_starter
  AND races.race_number IS NOT NULL
  AND results.finish_position = coalesce(repeated.finish_position, results.finish_position);
COMMENT ON VIEW marts.starts IS 'Every start in a points race, base of the records of drivers; the Daytona qualifiers of 1959 to 1971 are points races, those from 2017 on are not';
COMMENT ON COLUMN marts.starts.driver_id IS 'The driver who started and is credited; see core.drivers';
COMMENT ON COLUMN marts.starts.finish_position IS 'The official place; the better one if a race lists the driver twice';
COMMENT ON COLUMN marts.starts.laps_led IS 'Laps that the car led at the line; NULL where unknown, and in a race without a known leader';
COMMENT ON COLUMN marts.starts.is_win IS 'Whether it is an official win';
COMMENT ON COLUMN marts.starts.source_id IS 'The source of the finishing position; core.result_readings has the values of every source';
