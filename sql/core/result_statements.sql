-- Grain: race_id, reading, statement_key
CREATE OR REPLACE TABLE core.result_statements AS
WITH almanac_finishes AS (
  SELECT
    finishes.*,
    changed.what,
    changed.official_winner,
    changed.official_runner_up
  FROM staging.almanac_finishes AS finishes
  LEFT JOIN staging.almanac_changed_outcomes AS changed ON finishes.race_id = changed.race_id
),
first_two AS (
  SELECT
    race_id,
    unnest([
      { 'driver': winner, 'car_number': winner_car_number, 'make': winner_make, 'line_position': 1 },
      { 'driver': runner_up, 'car_number': runner_up_car_number, 'make': runner_up_make, 'line_position': 2 },
      { 'driver': official_winner, 'car_number': NULL, 'make': NULL, 'line_position': NULL },
      { 'driver': official_runner_up, 'car_number': NULL, 'make': NULL, 'line_position': NULL }
    ]) AS entry,
    coalesce(official_winner, winner) AS official_winner,
    coalesce(official_runner_up, runner_up) AS official_runner_up,
    what,
    document_id
  FROM almanac_finishes
),
almanac_entries AS (
  SELECT
    race_id,
    entry.driver AS driver_name,
    entry.car_number,
    entry.make,
    entry.line_position,
    CASE entry.driver WHEN official_winner THEN 1 WHEN official_runner_up THEN 2 END AS finish_position,
    NULL::INTEGER AS laps_completed,
    NULL AS status,
    coalesce(
      what IN ('winner_disqualified', 'first_and_second_disqualified') AND entry.line_position = 1
      OR what IN ('runner_up_disqualified', 'first_and_second_disqualified') AND entry.line_position = 2,
      FALSE
    ) AS is_disqualified,
    document_id
  FROM first_two
  WHERE entry.driver IS NOT NULL
  UNION ALL
  SELECT race_id, driver_name, car_number, make, NULL, finish_position, laps_completed, status, FALSE, document_id
  FROM staging.almanac_results
),
almanac AS (
  -- What the almanac lists, and the first two of its finishes, on the line and officially.
  SELECT
    race_id,
    driver_name,
    max(car_number) AS car_number,
    max(make) AS make,
    min(finish_position) AS finish_position,
    max(laps_completed) AS laps_completed,
    max(status) AS status,
    min(line_position) AS line_position,
    bool_or(is_disqualified) AS is_disqualified,
    min(document_id) AS document_id
  FROM almanac_entries
  GROUP BY race_id, driver_name
),
repeated AS (
  -- The feed may list the same result twice: two rows in ten seasons.
  SELECT race_id_nascar_feed, result_id_nascar_feed
  FROM staging.nascar_feed_results
  GROUP BY race_id_nascar_feed, result_id_nascar_feed
  HAVING count(*) > 1
),
feed_results AS (
  SELECT results.*
  FROM staging.nascar_feed_results AS results
  ANTI JOIN repeated
    ON
      results.race_id_nascar_feed = repeated.race_id_nascar_feed
      AND results.result_id_nascar_feed = repeated.result_id_nascar_feed
  UNION ALL
  SELECT results.*
  FROM staging.nascar_feed_results AS results
  SEMI JOIN repeated
    ON
      results.race_id_nascar_feed = repeated.race_id_nascar_feed
      AND results.result_id_nascar_feed = repeated.result_id_nascar_feed
  QUALIFY row_number() OVER (
    PARTITION BY results.race_id_nascar_feed, results.result_id_nascar_feed
    ORDER BY results.points_position
  ) = 1
),
stated AS (
  SELECT
    ids.race_id,
    'weekend_feed' AS reading,
    'nascar_feed' AS source_id,
    ids.season,
    results.driver_name,
    results.car_number,
    results.finish_position,
    results.start_position,
    results.laps_completed,
    results.laps_led,
    statuses.status,
    statuses.status_group,
    lower(results.make) AS make_text,
    results.team_name,
    results.owner_name,
    results.points,
    results.is_disqualified,
    NULL::INTEGER AS line_position,
    results.result_id_nascar_feed,
    results.gap_milliseconds,
    results.times_led,
    results.crew_chief_name,
    results.sponsor,
    results.playoff_points,
    results.qualifying_position,
    results.qualifying_speed_mph,
    results.document_id
  FROM feed_results AS results
  INNER JOIN core.source_races AS ids
    ON ids.source_id = 'nascar_feed' AND results.race_id_nascar_feed::VARCHAR = ids.race_key
  LEFT JOIN seeds.finishing_statuses AS statuses ON results.finishing_status IS NOT DISTINCT FROM statuses.finishing_status
  UNION ALL BY NAME
  SELECT
    ids.race_id,
    'nascar_results' AS reading,
    'nascar_results' AS source_id,
    results.season,
    results.driver_name,
    results.car_number,
    results.finish_position,
    results.start_position,
    results.laps_completed,
    results.laps_led,
    statuses.status,
    statuses.status_group,
    results.make_text,
    if(results.team_name LIKE '% (Owner)', NULL, results.team_name) AS team_name,
    if(results.team_name LIKE '% (Owner)', replace(results.team_name, ' (Owner)', ''), NULL) AS owner_name,
    results.points,
    coalesce(statuses.status_group = 'disqualified', FALSE) AS is_disqualified,
    results.document_id
  FROM staging.nascar_results_results AS results
  INNER JOIN core.source_races AS ids ON ids.source_id = 'nascar_results' AND results.race_key = ids.race_key
  LEFT JOIN seeds.result_statuses AS statuses ON results.status_text = statuses.status_text
  UNION ALL BY NAME
  SELECT
    ids.race_id,
    'racing_data' AS reading,
    'racing_data' AS source_id,
    results.season,
    results.driver_name,
    results.car_number,
    results.finish_position,
    results.start_position,
    results.laps_completed,
    results.laps_led,
    statuses.status,
    statuses.status_group,
    results.make_text,
    results.owner_name,
    results.points,
    coalesce(statuses.status_group = 'disqualified', FALSE) AS is_disqualified,
    results.document_id
  FROM staging.racing_data_results AS results
  INNER JOIN core.source_races AS ids ON ids.source_id = 'racing_data' AND results.race_key = ids.race_key
  LEFT JOIN seeds.result_statuses AS statuses ON results.status_text = statuses.status_text
  UNION ALL BY NAME
  SELECT
    ids.race_id,
    'racing_reference_page' AS reading,
    'racing_reference_pages' AS source_id,
    results.season,
    results.driver_name,
    results.car_number,
    results.finish_position,
    results.start_position,
    results.laps_completed,
    results.laps_led,
    statuses.status,
    statuses.status_group,
    lower(regexp_replace(results.car, '^''[0-9]{2} ', '')) AS make_text,
    results.owner_name,
    results.points,
    coalesce(statuses.status_group = 'disqualified', FALSE) AS is_disqualified,
    results.document_id
  FROM staging.racing_reference_pages_results AS results
  INNER JOIN core.source_races AS ids
    ON ids.source_id = 'racing_reference_pages' AND results.document_id = ids.document_id
  LEFT JOIN seeds.result_statuses AS statuses ON lower(trim(results.status)) = statuses.status_text
  UNION ALL BY NAME
  SELECT
    almanac.race_id,
    'almanac' AS reading,
    'almanac' AS source_id,
    split_part(almanac.race_id, '-', 2)::INTEGER AS season,
    almanac.driver_name,
    almanac.car_number,
    almanac.finish_position,
    almanac.laps_completed,
    coalesce(statuses.status, almanac.status) AS status,
    statuses.status_group,
    lower(almanac.make) AS make_text,
    almanac.is_disqualified,
    almanac.line_position,
    almanac.document_id
  FROM almanac
  LEFT JOIN seeds.result_statuses AS statuses ON lower(almanac.status) = statuses.status_text
),
make_ids AS (
  SELECT makes.make_text, coalesce(aliases.manufacturer_id, staging.slug(makes.make_text)) AS manufacturer_id
  FROM (SELECT DISTINCT make_text FROM stated) AS makes
  LEFT JOIN seeds.make_aliases AS aliases ON makes.make_text = aliases.make_text
),
lists AS (
  -- One source has the list of a race: the cars that were in it.
  SELECT stated.race_id, arg_min(stated.reading, ranks.precedence::INTEGER) AS reading
  FROM stated
  INNER JOIN seeds.fact_precedence AS ranks ON ranks.fact = 'entry' AND stated.reading = ranks.reading
  GROUP BY stated.race_id
),
told AS (
  -- A source that cannot tell who led most of a race writes 0 for those of whom it does not know, and 1 for the winner.
  SELECT race_id, reading, sum(laps_led) >= 0.8 * max(laps_completed) AS is_told
  FROM stated
  GROUP BY race_id, reading
),
shared_places AS (
  SELECT race_id, reading, coalesce(finish_position, 0) AS place
  FROM stated
  GROUP BY race_id, reading, finish_position
  HAVING count(*) > 1 OR finish_position IS NULL
)
SELECT
  stated.race_id,
  stated.reading,
  stated.reading = lists.reading AS is_listed,
  if(
    shared_places.race_id IS NULL,
    stated.finish_position::VARCHAR,
    concat('#', stated.car_number, ' ', names.driver_id)
  ) AS statement_key,
  names.driver_id,
  stated.driver_name,
  stated.car_number,
  stated.finish_position::INTEGER AS finish_position,
  stated.start_position::INTEGER AS start_position,
  stated.laps_completed::INTEGER AS laps_completed,
  if(told.is_told OR stated.laps_led > if(stated.finish_position = 1, 1, 0), stated.laps_led, NULL)::INTEGER AS laps_led,
  stated.status,
  stated.status_group,
  make_ids.manufacturer_id,
  stated.team_name,
  stated.owner_name,
  stated.points::INTEGER AS points,
  stated.is_disqualified,
  stated.line_position::INTEGER AS line_position,
  stated.result_id_nascar_feed,
  stated.gap_milliseconds,
  stated.times_led::INTEGER AS times_led,
  stated.crew_chief_name,
  stated.sponsor,
  stated.playoff_points::INTEGER AS playoff_points,
  stated.qualifying_position::INTEGER AS qualifying_position,
  stated.qualifying_speed_mph,
  stated.source_id,
  stated.document_id
FROM stated
INNER JOIN lists ON stated.race_id = lists.race_id
INNER JOIN told ON stated.race_id = told.race_id AND stated.reading = told.reading
LEFT JOIN shared_places
  ON
    stated.race_id = shared_places.race_id
    AND stated.reading = shared_places.reading
    AND coalesce(stated.finish_position, 0) = shared_places.place
LEFT JOIN core.driver_names AS names
  ON
    stated.source_id = names.source_id
    AND stated.driver_name = names.driver_name
    AND stated.season BETWEEN names.first_season AND names.last_season
LEFT JOIN make_ids ON stated.make_text = make_ids.make_text;
COMMENT ON TABLE core.result_statements IS 'What each source says of each car''s result, before it is known which entry of the race that is; see core.result_readings';
COMMENT ON COLUMN core.result_statements.race_id IS 'The race; see core.races';
COMMENT ON COLUMN core.result_statements.reading IS 'Where it was read: weekend_feed, nascar_results, racing_data or almanac';
COMMENT ON COLUMN core.result_statements.is_listed IS 'Whether this source has the list of the race''s entries';
COMMENT ON COLUMN core.result_statements.statement_key IS 'What tells the cars of a race and reading apart: the place, or number and driver where a place is shared or missing';
COMMENT ON COLUMN core.result_statements.driver_id IS 'The driver; see core.drivers';
COMMENT ON COLUMN core.result_statements.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN core.result_statements.car_number IS 'The number on the car, as text';
COMMENT ON COLUMN core.result_statements.finish_position IS 'The official place';
COMMENT ON COLUMN core.result_statements.start_position IS 'The place on the grid';
COMMENT ON COLUMN core.result_statements.laps_completed IS 'Laps that the car completed';
COMMENT ON COLUMN core.result_statements.laps_led IS 'Laps that it led; NULL for a 0 that says that nobody knows';
COMMENT ON COLUMN core.result_statements.status IS 'Why it stopped, or running, in one vocabulary';
COMMENT ON COLUMN core.result_statements.status_group IS 'What kind of end that is';
COMMENT ON COLUMN core.result_statements.manufacturer_id IS 'The make; see core.manufacturers';
COMMENT ON COLUMN core.result_statements.team_name IS 'The team as the source has it';
COMMENT ON COLUMN core.result_statements.owner_name IS 'The owner as the source has it';
COMMENT ON COLUMN core.result_statements.points IS 'Championship points';
COMMENT ON COLUMN core.result_statements.is_disqualified IS 'Whether the source says that it was disqualified';
COMMENT ON COLUMN core.result_statements.line_position IS 'The place in which it crossed the line, where the source states that';
COMMENT ON COLUMN core.result_statements.result_id_nascar_feed IS 'The league''s own id of the result';
COMMENT ON COLUMN core.result_statements.gap_milliseconds IS 'Milliseconds behind the winner, as the feed has them: 0 may be unknown, a large one made up';
COMMENT ON COLUMN core.result_statements.times_led IS 'How many times it took the lead';
COMMENT ON COLUMN core.result_statements.crew_chief_name IS 'The crew chief';
COMMENT ON COLUMN core.result_statements.sponsor IS 'The primary sponsor';
COMMENT ON COLUMN core.result_statements.playoff_points IS 'Playoff points earned';
COMMENT ON COLUMN core.result_statements.qualifying_position IS 'Place in qualifying';
COMMENT ON COLUMN core.result_statements.qualifying_speed_mph IS 'Speed in qualifying in miles an hour';
COMMENT ON COLUMN core.result_statements.source_id IS 'The source';
COMMENT ON COLUMN core.result_statements.document_id IS 'The document; see ops.documents';
