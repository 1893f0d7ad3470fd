-- Grain: one row per race and entered car
CREATE OR REPLACE TABLE core.results AS
WITH feed AS (
  SELECT
    ids.race_id,
    races.race_time_seconds / races.laps_completed AS mean_lap_seconds,
    results.*,
    max(results.laps_completed) OVER race AS laps_of_winner,
    max(results.gap_milliseconds) FILTER (WHERE results.finish_position = 1) OVER race AS gap_of_winner
  FROM staging.nascar_feed_results AS results
  INNER JOIN core.source_races AS ids
    ON ids.source_id = 'nascar_feed' AND results.race_id_nascar_feed::VARCHAR = ids.race_key
  INNER JOIN core.races AS races ON ids.race_id = races.race_id
  WINDOW race AS (PARTITION BY ids.race_id)
  -- The same result may be listed twice.
  QUALIFY row_number() OVER (PARTITION BY ids.race_id, results.result_id_nascar_feed ORDER BY results.points_position) = 1
),
gaps AS (
  SELECT
    feed.*,
    CASE
      WHEN finish_position IS NULL OR laps_completed < laps_of_winner THEN NULL
      -- Zero stands for unknown, but for the car that crossed first: the winner, or one that lost the win to him.
      WHEN is_disqualified AND gap_milliseconds = 0 THEN if(gap_of_winner > 0, 0, NULL)
      WHEN finish_position = 1 THEN coalesce(gap_milliseconds, 0)
      -- A penalised car may carry a made-up gap, of more than a lap on the lead lap.
      WHEN gap_milliseconds > 0 AND gap_milliseconds < 1000 * mean_lap_seconds THEN gap_milliseconds
    END AS line_gap_milliseconds
  FROM feed
),
team_ids AS (
  SELECT team_name, staging.slug(team_name) AS team_id
  FROM (SELECT DISTINCT team_name FROM staging.nascar_feed_results) AS spelled
),
unmeasured AS (
  SELECT race_id, min(finish_position) AS finish_position
  FROM gaps
  WHERE
    line_gap_milliseconds IS NULL
    AND finish_position IS NOT NULL
    AND NOT is_disqualified
    AND laps_completed = laps_of_winner
  GROUP BY race_id
),
measured AS (
  -- Behind a car on the lead lap whose gap nobody measured, no place on the line is known.
  SELECT
    gaps.race_id,
    max(gaps.line_gap_milliseconds) FILTER (
      WHERE NOT gaps.is_disqualified AND gaps.finish_position < coalesce(unmeasured.finish_position, 1000)
    ) AS until_milliseconds
  FROM gaps
  LEFT JOIN unmeasured ON gaps.race_id = unmeasured.race_id
  GROUP BY gaps.race_id
),
placed AS (
  SELECT
    gaps.*,
    CASE
      WHEN gaps.line_gap_milliseconds <= measured.until_milliseconds AND measured.until_milliseconds > 0
        THEN rank() OVER (PARTITION BY gaps.race_id ORDER BY gaps.line_gap_milliseconds NULLS LAST)
    END AS line_position
  FROM gaps
  LEFT JOIN measured ON gaps.race_id = measured.race_id
),
stated AS (
  SELECT
    finishes.race_id,
    unnest([
      { 'driver': finishes.winner, 'car_number': finishes.winner_car_number, 'make': finishes.winner_make, 'line_position': 1 },
      { 'driver': finishes.runner_up, 'car_number': finishes.runner_up_car_number, 'make': finishes.runner_up_make, 'line_position': 2 },
      { 'driver': changed.official_winner, 'car_number': NULL, 'make': NULL, 'line_position': NULL },
      { 'driver': changed.official_runner_up, 'car_number': NULL, 'make': NULL, 'line_position': NULL }
    ]) AS entry,
    coalesce(changed.official_winner, finishes.winner) AS official_winner,
    coalesce(changed.official_runner_up, finishes.runner_up) AS official_runner_up,
    changed.what,
    finishes.document_id
  FROM staging.almanac_finishes AS finishes
  LEFT JOIN staging.almanac_changed_outcomes AS changed ON finishes.race_id = changed.race_id
  ANTI JOIN feed ON finishes.race_id = feed.race_id
),
first_two AS (
  SELECT
    race_id,
    entry.driver AS driver_name,
    max(entry.car_number) AS car_number,
    max(entry.make) AS make,
    min(entry.line_position) AS line_position,
    CASE entry.driver WHEN any_value(official_winner) THEN 1 WHEN any_value(official_runner_up) THEN 2 END AS finish_position,
    any_value(what) IN ('winner_disqualified', 'first_and_second_disqualified') AND min(entry.line_position) = 1
    OR any_value(what) IN ('runner_up_disqualified', 'first_and_second_disqualified') AND coalesce(min(entry.line_position), 0) = 2
      AS is_disqualified,
    any_value(document_id) AS document_id
  FROM stated
  WHERE entry.driver IS NOT NULL
  GROUP BY race_id, entry.driver
),
almanac AS (
  SELECT
    coalesce(listed.race_id, first_two.race_id) AS race_id,
    coalesce(listed.driver_name, first_two.driver_name) AS driver_name,
    coalesce(listed.car_number, first_two.car_number) AS car_number,
    coalesce(listed.make, first_two.make) AS make,
    coalesce(listed.finish_position, first_two.finish_position) AS finish_position,
    listed.laps_completed,
    listed.status,
    first_two.line_position,
    coalesce(first_two.is_disqualified, FALSE) AS is_disqualified,
    coalesce(listed.document_id, first_two.document_id) AS document_id
  FROM first_two
  FULL JOIN staging.almanac_results AS listed
    ON first_two.race_id = listed.race_id AND first_two.driver_name = listed.driver_name
)
SELECT
  placed.race_id,
  names.driver_id,
  placed.driver_name AS driver_name_as_listed,
  placed.car_number,
  team_ids.team_id,
  placed.owner_name,
  placed.crew_chief_name,
  placed.make,
  placed.sponsor,
  placed.start_position::INTEGER AS start_position,
  placed.finish_position::INTEGER AS finish_position,
  placed.line_position::INTEGER AS line_position,
  placed.laps_completed::INTEGER AS laps_completed,
  placed.laps_led::INTEGER AS laps_led,
  placed.times_led::INTEGER AS times_led,
  lower(placed.finishing_status) AS status,
  statuses.status_group,
  placed.finish_position IS NOT NULL AS is_starter,
  placed.is_disqualified,
  (placed.line_gap_milliseconds / 1000)::DECIMAL(9, 3) AS gap_seconds,
  if(placed.laps_completed < placed.laps_of_winner, placed.laps_of_winner - placed.laps_completed, 0)::INTEGER AS gap_laps,
  placed.points::INTEGER AS points,
  placed.playoff_points::INTEGER AS playoff_points,
  placed.qualifying_position::INTEGER AS qualifying_position,
  placed.qualifying_speed_mph,
  placed.result_id_nascar_feed,
  'nascar_feed' AS source_id,
  placed.document_id
FROM placed
LEFT JOIN team_ids ON placed.team_name = team_ids.team_name
LEFT JOIN core.driver_names AS names ON placed.driver_name = names.driver_name
LEFT JOIN seeds.finishing_statuses AS statuses ON placed.finishing_status IS NOT DISTINCT FROM statuses.finishing_status
UNION ALL BY NAME
SELECT
  almanac.race_id,
  names.driver_id,
  almanac.driver_name AS driver_name_as_listed,
  almanac.car_number,
  almanac.make,
  almanac.finish_position,
  almanac.line_position,
  almanac.laps_completed,
  almanac.status,
  statuses.status_group,
  TRUE AS is_starter,
  almanac.is_disqualified,
  'almanac' AS source_id,
  almanac.document_id
FROM almanac
LEFT JOIN core.driver_names AS names ON almanac.driver_name = names.driver_name
LEFT JOIN seeds.finishing_statuses AS statuses ON almanac.status = lower(statuses.finishing_status)
ANTI JOIN feed ON almanac.race_id = feed.race_id;
COMMENT ON TABLE core.results IS 'What became of each car that was entered in a race';
COMMENT ON COLUMN core.results.race_id IS 'The race; see core.races';
COMMENT ON COLUMN core.results.driver_id IS 'The driver who started and is credited; NULL where the source names nobody';
COMMENT ON COLUMN core.results.driver_name_as_listed IS 'The name as the source has it';
COMMENT ON COLUMN core.results.car_number IS 'The number on the car; text, since 07 is not 7';
COMMENT ON COLUMN core.results.team_id IS 'The team; see core.teams';
COMMENT ON COLUMN core.results.owner_name IS 'The owner of the car';
COMMENT ON COLUMN core.results.crew_chief_name IS 'The crew chief';
COMMENT ON COLUMN core.results.make IS 'The make of the car';
COMMENT ON COLUMN core.results.sponsor IS 'The primary sponsor';
COMMENT ON COLUMN core.results.start_position IS 'Place on the grid, 1 is the pole';
COMMENT ON COLUMN core.results.finish_position IS 'Official place, after disqualifications and penalties; NULL for a car that did not start, or unknown';
COMMENT ON COLUMN core.results.line_position IS 'Place in which the car crossed the line, as far as the gaps of the lead lap were measured without a hole; NULL where unknown';
COMMENT ON COLUMN core.results.laps_completed IS 'Laps that the car completed';
COMMENT ON COLUMN core.results.laps_led IS 'Laps that it led at the line';
COMMENT ON COLUMN core.results.times_led IS 'How many times it took the lead';
COMMENT ON COLUMN core.results.status IS 'Why it stopped, or running';
COMMENT ON COLUMN core.results.status_group IS 'What kind of end that is: running, crash, mechanical, parked, driver, advanced, unknown';
COMMENT ON COLUMN core.results.is_starter IS 'Whether the car started the race';
COMMENT ON COLUMN core.results.is_disqualified IS 'Whether the officials disqualified it';
COMMENT ON COLUMN core.results.gap_seconds IS 'Seconds behind the car that crossed the line first, on the lead lap; NULL is unknown, zero only for that car';
COMMENT ON COLUMN core.results.gap_laps IS 'Laps behind the car that completed most; 0 on the lead lap';
COMMENT ON COLUMN core.results.points IS 'Championship points earned';
COMMENT ON COLUMN core.results.playoff_points IS 'Playoff points earned';
COMMENT ON COLUMN core.results.qualifying_position IS 'Place in qualifying';
COMMENT ON COLUMN core.results.qualifying_speed_mph IS 'Speed in qualifying in miles an hour';
COMMENT ON COLUMN core.results.result_id_nascar_feed IS 'The league''s own id of the result';
COMMENT ON COLUMN core.results.source_id IS 'The source of the row';
COMMENT ON COLUMN core.results.document_id IS 'The document of the row; see ops.documents';
