-- Grain: race_id, entry_key
-- Incremental: race_id
CREATE OR REPLACE TABLE core.results AS
WITH preferences AS (
  -- Of facts that few kinds of source value have: no others are looked through for them.
  SELECT
    reading,
    core.preference(max(precedence) FILTER (WHERE fact = 'times_led'), TRUE) AS times_led,
    core.preference(max(precedence) FILTER (WHERE fact = 'crew_chief_name'), TRUE) AS crew_chief_name,
    core.preference(max(precedence) FILTER (WHERE fact = 'sponsor'), TRUE) AS sponsor,
    core.preference(max(precedence) FILTER (WHERE fact = 'playoff_points'), TRUE) AS playoff_points,
    core.preference(max(precedence) FILTER (WHERE fact = 'qualifying_position'), TRUE) AS qualifying_position,
    core.preference(max(precedence) FILTER (WHERE fact = 'qualifying_speed_mph'), TRUE) AS qualifying_speed_mph
  FROM core.fact_precedence
  WHERE fact IN ('times_led', 'crew_chief_name', 'sponsor', 'playoff_points', 'qualifying_position', 'qualifying_speed_mph')
  GROUP BY reading
),
details AS (
  SELECT
    stated.race_id,
    stated.entry_key,
    arg_min(stated.times_led, preferences.times_led) AS times_led,
    arg_min(stated.crew_chief_name, preferences.crew_chief_name) AS crew_chief_name,
    arg_min(stated.sponsor, preferences.sponsor) AS sponsor,
    arg_min(stated.playoff_points, preferences.playoff_points) AS playoff_points,
    arg_min(stated.qualifying_position, preferences.qualifying_position) AS qualifying_position,
    arg_min(stated.qualifying_speed_mph, preferences.qualifying_speed_mph) AS qualifying_speed_mph
  FROM core.result_readings AS stated
  INNER JOIN preferences ON stated.reading = preferences.reading
  WHERE stated.entry_key IS NOT NULL
  GROUP BY stated.race_id, stated.entry_key
),
entries AS (
  SELECT * FROM core.selected_results
),
doubted AS (
  SELECT DISTINCT race_id FROM core.places_in_doubt
),
winners AS (
  SELECT race_id, max(laps_completed) AS laps_completed
  FROM entries
  GROUP BY race_id
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
  details.crew_chief_name,
  makers.manufacturer_name AS make,
  entries.manufacturer_id,
  details.sponsor,
  entries.start_position,
  entries.finish_position,
  -- A source may say who crossed first where nothing was measured.
  coalesce(
    placed.line_position,
    if(placed.race_id IS NULL, entries.line_position, NULL),
    CASE entries.driver_id WHEN stated.winner_id THEN 1 WHEN stated.runner_up_id THEN 2 END
  )::INTEGER AS line_position,
  entries.laps_completed,
  entries.laps_led,
  details.times_led,
  entries.status,
  entries.status_group,
  -- Withdrawing or quitting comes after the start.
  entries.finish_position IS NOT NULL AND coalesce(entries.status_group, '') <> 'did_not_start' AS is_starter,
  -- Not even a source that says no is right about a car that ran all laps and is scored behind others that did not.
  CASE
    WHEN entries.driver_id = stated.winner_id AND stated.disqualified_first IS NOT NULL THEN TRUE
    WHEN entries.driver_id = stated.runner_up_id AND stated.disqualified_second IS NOT NULL THEN TRUE
    WHEN doubts.race_id IS NULL THEN entries.is_disqualified
    ELSE nullif(entries.is_disqualified, FALSE)
  END AS is_disqualified,
  -- The winner is not known to have crossed first where that is in doubt.
  if(
    placed.line_position IS NULL AND entries.finish_position = 1 AND doubted.race_id IS NOT NULL,
    NULL,
    (placed.line_gap_milliseconds / 1000)::DECIMAL(9, 3)
  ) AS gap_seconds,
  if(entries.laps_completed < winners.laps_completed, winners.laps_completed - entries.laps_completed, 0)::INTEGER AS gap_laps,
  entries.points,
  details.playoff_points,
  details.qualifying_position,
  details.qualifying_speed_mph,
  entries.result_id_nascar_feed,
  entries.source_id,
  entries.document_id
FROM entries
INNER JOIN winners ON entries.race_id = winners.race_id
LEFT JOIN core.line_positions AS placed ON entries.race_id = placed.race_id AND entries.entry_key = placed.entry_key
LEFT JOIN core.places_in_doubt AS doubts ON entries.race_id = doubts.race_id AND entries.entry_key = doubts.entry_key
LEFT JOIN core.stated_line_orders AS stated ON entries.race_id = stated.race_id
LEFT JOIN doubted ON entries.race_id = doubted.race_id
LEFT JOIN details ON entries.race_id = details.race_id AND entries.entry_key = details.entry_key
LEFT JOIN core.owner_names AS owners ON entries.owner_source_id = owners.source_id AND entries.owner_name = owners.owner_name
LEFT JOIN core.team_names AS teams ON entries.team_name = teams.team_name
LEFT JOIN core.manufacturers AS makers ON entries.manufacturer_id = makers.manufacturer_id;
COMMENT ON TABLE core.results IS 'What became of each car that was entered in a race';
COMMENT ON COLUMN core.results.entry_key IS 'The entry within its race: its place in the list of the race, or number and driver where a place is shared or missing';
COMMENT ON COLUMN core.results.driver_id IS 'The driver who started and is credited; NULL where the source has no name';
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
COMMENT ON COLUMN core.results.is_disqualified IS 'Whether it was disqualified; NULL where no source says (second series, Trucks of 2018-19), or its place contradicts its laps';
COMMENT ON COLUMN core.results.points IS 'Championship points earned';
COMMENT ON COLUMN core.results.source_id IS 'The source of the finishing position; core.result_facts has the source of each fact';
COMMENT ON COLUMN core.results.document_id IS 'The document of the finishing position; see ops.documents';
