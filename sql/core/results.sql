-- Grain: race_id, entry_key
CREATE OR REPLACE TABLE core.results AS
WITH ranks AS (
  -- The declared precedence as one row a reading; a reading without a rank for a fact is not used for it.
  SELECT
    reading,
    max(precedence::INTEGER) FILTER (WHERE fact = 'finish_position') AS finish_position,
    max(precedence::INTEGER) FILTER (WHERE fact = 'driver_id') AS driver_id,
    max(precedence::INTEGER) FILTER (WHERE fact = 'car_number') AS car_number,
    max(precedence::INTEGER) FILTER (WHERE fact = 'start_position') AS start_position,
    max(precedence::INTEGER) FILTER (WHERE fact = 'car_laps') AS car_laps,
    max(precedence::INTEGER) FILTER (WHERE fact = 'laps_led') AS laps_led,
    max(precedence::INTEGER) FILTER (WHERE fact = 'status') AS status,
    max(precedence::INTEGER) FILTER (WHERE fact = 'manufacturer_id') AS manufacturer_id,
    max(precedence::INTEGER) FILTER (WHERE fact = 'team_name') AS team_name,
    max(precedence::INTEGER) FILTER (WHERE fact = 'owner_name') AS owner_name,
    max(precedence::INTEGER) FILTER (WHERE fact = 'points') AS points
  FROM seeds.fact_precedence
  GROUP BY reading
),
contested AS (
  -- Most entries of old races and of the other series have one source, and nothing to choose.
  SELECT
    readings.race_id,
    readings.entry_key,
    arg_min(readings.finish_position, ranks.finish_position) AS finish_position,
    arg_min(readings.driver_id, ranks.driver_id) AS driver_id,
    arg_min(readings.driver_name, ranks.driver_id) AS driver_name,
    arg_min(readings.car_number, ranks.car_number) AS car_number,
    arg_min(readings.start_position, ranks.start_position) AS start_position,
    arg_min(readings.laps_completed, ranks.car_laps) AS laps_completed,
    arg_min(readings.laps_led, ranks.laps_led) AS laps_led,
    arg_min(readings.status, ranks.status) AS status,
    arg_min(readings.status_group, ranks.status) AS status_group,
    arg_min(readings.manufacturer_id, ranks.manufacturer_id) AS manufacturer_id,
    arg_min(readings.team_name, ranks.team_name) AS team_name,
    arg_min(readings.owner_name, ranks.owner_name) AS owner_name,
    arg_min(readings.source_id, ranks.owner_name) FILTER (WHERE readings.owner_name IS NOT NULL) AS owner_source_id,
    arg_min(readings.points, ranks.points) AS points,
    bool_or(readings.is_disqualified) AS is_disqualified,
    min(readings.line_position) AS line_position,
    any_value(readings.result_id_nascar_feed) AS result_id_nascar_feed,
    arg_min(readings.source_id, ranks.finish_position) AS source_id,
    arg_min(readings.document_id, ranks.finish_position) AS document_id
  FROM core.result_readings AS readings
  INNER JOIN ranks ON readings.reading = ranks.reading
  SEMI JOIN core.entry_matches AS matches
    ON readings.race_id = matches.race_id AND readings.entry_key = matches.entry_key
  GROUP BY readings.race_id, readings.entry_key
),
believed AS (
  FROM contested
  UNION ALL BY NAME
  SELECT
    readings.race_id,
    readings.statement_key AS entry_key,
    readings.finish_position,
    readings.driver_id,
    readings.driver_name,
    readings.car_number,
    readings.start_position,
    readings.laps_completed,
    readings.laps_led,
    readings.status,
    readings.status_group,
    readings.manufacturer_id,
    readings.team_name,
    readings.owner_name,
    if(readings.owner_name IS NULL, NULL, readings.source_id) AS owner_source_id,
    readings.points,
    readings.is_disqualified,
    readings.line_position,
    readings.result_id_nascar_feed,
    readings.source_id,
    readings.document_id
  FROM core.result_statements AS readings
  ANTI JOIN core.entry_matches AS matches
    ON readings.race_id = matches.race_id AND readings.statement_key = matches.entry_key
  WHERE readings.is_listed
),
feed AS (
  SELECT
    race_id,
    entry_key,
    gap_milliseconds,
    times_led,
    crew_chief_name,
    sponsor,
    playoff_points,
    qualifying_position,
    qualifying_speed_mph
  FROM core.result_readings
  WHERE reading = 'weekend_feed' AND entry_key IS NOT NULL
),
winners AS (
  SELECT race_id, max(laps_completed) AS laps_completed
  FROM believed
  GROUP BY race_id
),
entries AS (
  SELECT
    believed.* EXCLUDE (finish_position),
    coalesce(corrections.finish_position::INTEGER, believed.finish_position) AS finish_position,
    winners.laps_completed AS laps_of_winner
  FROM believed
  INNER JOIN winners ON believed.race_id = winners.race_id
  LEFT JOIN seeds.result_corrections AS corrections
    ON believed.race_id = corrections.race_id AND believed.driver_id = corrections.driver_id
),
leaders AS (
  SELECT entries.race_id, max(feed.gap_milliseconds) AS gap_milliseconds
  FROM entries
  INNER JOIN feed ON entries.race_id = feed.race_id AND entries.entry_key = feed.entry_key
  WHERE entries.finish_position = 1
  GROUP BY entries.race_id
),
timed AS (
  -- The races with gaps: those of the feed.
  SELECT
    entries.race_id,
    entries.entry_key,
    entries.finish_position,
    entries.laps_completed,
    entries.laps_of_winner,
    entries.is_disqualified,
    races.race_time_seconds / races.laps_completed AS mean_lap_seconds,
    feed.gap_milliseconds,
    leaders.gap_milliseconds AS gap_of_winner
  FROM entries
  INNER JOIN feed ON entries.race_id = feed.race_id AND entries.entry_key = feed.entry_key
  INNER JOIN core.races AS races ON entries.race_id = races.race_id
  LEFT JOIN leaders ON entries.race_id = leaders.race_id
),
gaps AS (
  SELECT
    timed.*,
    CASE
      WHEN finish_position IS NULL OR laps_completed < laps_of_winner THEN NULL
      -- Zero stands for unknown, but for the car that crossed first: the winner, or one that lost the win to him.
      WHEN is_disqualified AND gap_milliseconds = 0 THEN if(gap_of_winner > 0, 0, NULL)
      WHEN finish_position = 1 THEN coalesce(gap_milliseconds, 0)
      -- A penalised car may carry a made-up gap, of more than a lap on the lead lap.
      WHEN gap_milliseconds > 0 AND gap_milliseconds < 1000 * mean_lap_seconds THEN gap_milliseconds
    END AS line_gap_milliseconds
  FROM timed
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
    gaps.race_id,
    gaps.entry_key,
    gaps.line_gap_milliseconds,
    CASE
      WHEN gaps.line_gap_milliseconds <= measured.until_milliseconds AND measured.until_milliseconds > 0
        THEN rank() OVER (PARTITION BY gaps.race_id ORDER BY gaps.line_gap_milliseconds NULLS LAST)
    END AS line_position
  FROM gaps
  LEFT JOIN measured ON gaps.race_id = measured.race_id
)
SELECT
  entries.race_id,
  entries.entry_key,
  entries.driver_id,
  entries.driver_name AS driver_name_as_listed,
  entries.car_number,
  teams.team_id,
  owners.owner_id,
  entries.owner_name,
  feed.crew_chief_name,
  makers.manufacturer_name AS make,
  entries.manufacturer_id,
  feed.sponsor,
  entries.start_position,
  entries.finish_position,
  -- The almanac says who crossed first where nothing was measured.
  coalesce(placed.line_position, if(placed.race_id IS NULL, entries.line_position, NULL))::INTEGER AS line_position,
  entries.laps_completed,
  entries.laps_led,
  feed.times_led,
  entries.status,
  entries.status_group,
  -- Who withdrew or quit did so after the start.
  entries.finish_position IS NOT NULL AND coalesce(entries.status_group, '') <> 'did_not_start' AS is_starter,
  entries.is_disqualified,
  (placed.line_gap_milliseconds / 1000)::DECIMAL(9, 3) AS gap_seconds,
  if(entries.laps_completed < entries.laps_of_winner, entries.laps_of_winner - entries.laps_completed, 0)::INTEGER AS gap_laps,
  entries.points,
  feed.playoff_points,
  feed.qualifying_position,
  feed.qualifying_speed_mph,
  entries.result_id_nascar_feed,
  entries.source_id,
  entries.document_id
FROM entries
LEFT JOIN placed ON entries.race_id = placed.race_id AND entries.entry_key = placed.entry_key
LEFT JOIN feed ON entries.race_id = feed.race_id AND entries.entry_key = feed.entry_key
LEFT JOIN core.owner_names AS owners ON entries.owner_source_id = owners.source_id AND entries.owner_name = owners.owner_name
LEFT JOIN core.team_names AS teams ON entries.team_name = teams.team_name
LEFT JOIN core.manufacturers AS makers ON entries.manufacturer_id = makers.manufacturer_id;
COMMENT ON TABLE core.results IS 'What became of each car that was entered in a race';
COMMENT ON COLUMN core.results.entry_key IS 'The entry within its race: its place in the list of the race, or number and driver where a place is shared or missing';
COMMENT ON COLUMN core.results.driver_id IS 'The driver who started and is credited; NULL where the source names nobody';
COMMENT ON COLUMN core.results.driver_name_as_listed IS 'The name as the source has it';
COMMENT ON COLUMN core.results.owner_name IS 'The owner of the car';
COMMENT ON COLUMN core.results.make IS 'The make of the car';
COMMENT ON COLUMN core.results.start_position IS 'Place on the grid, 1 is the pole';
COMMENT ON COLUMN core.results.finish_position IS 'Official place, after disqualifications and penalties; NULL for a car that did not start, or unknown';
COMMENT ON COLUMN core.results.line_position IS 'Place in which the car crossed the line, as far as the gaps of the lead lap were measured without a hole; NULL where unknown';
COMMENT ON COLUMN core.results.laps_completed IS 'Laps that the car completed';
COMMENT ON COLUMN core.results.laps_led IS 'Laps that it led at the line';
COMMENT ON COLUMN core.results.status IS 'Why it stopped, or running';
COMMENT ON COLUMN core.results.status_group IS 'What kind of end that is; sql/seeds/result_statuses.csv has the list';
COMMENT ON COLUMN core.results.is_starter IS 'Whether the car started the race; a list of results may have cars that did not';
COMMENT ON COLUMN core.results.gap_laps IS 'Laps behind the car that completed most; 0 on the lead lap';
COMMENT ON COLUMN core.results.points IS 'Championship points earned';
COMMENT ON COLUMN core.results.source_id IS 'The source of the finishing position; core.result_facts has the source of each fact';
COMMENT ON COLUMN core.results.document_id IS 'The document of the finishing position; see ops.documents';
