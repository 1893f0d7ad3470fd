-- Grain: race_id, reading, statement_key
-- Incremental: race_id
CREATE OR REPLACE TABLE core.result_statements AS
WITH stated AS (
  SELECT coalesce(ids.race_id, if(results.is_keyed_by_our_ids, results.race_key, NULL)) AS race_id, results.*
  FROM staging.source_results AS results
  LEFT JOIN core.source_races AS ids ON results.source_id = ids.source_id AND results.race_key = ids.race_key
  WHERE ids.race_id IS NOT NULL OR results.is_keyed_by_our_ids
),
make_ids AS (
  SELECT makes.make_text, coalesce(aliases.manufacturer_id, staging.slug(makes.make_text)) AS manufacturer_id
  FROM (SELECT DISTINCT make_text FROM stated) AS makes
  LEFT JOIN seeds.make_aliases AS aliases ON makes.make_text = aliases.make_text
),
lists AS (
  SELECT
    stated.race_id,
    stated.reading,
    -- A source without who led most of a race writes 0 for those of whom it does not know, and 1 for the winner.
    sum(stated.laps_led) >= 0.8 * max(stated.laps_completed) AS has_leader_data,
    -- One source has the list of a race: the cars that were in it.
    row_number() OVER (PARTITION BY stated.race_id ORDER BY ranks.precedence) = 1 AS is_listed,
    -- One bit a place, as far as a field reaches: of few lists each place is looked at, which takes longer.
    coalesce(
      bit_count(bit_or(CASE WHEN stated.finish_position BETWEEN 1 AND 120 THEN 1::HUGEINT << stated.finish_position END))
      < count(*),
      TRUE
    ) AS may_share_places
  FROM stated
  INNER JOIN core.fact_precedence AS ranks ON ranks.fact = 'entry' AND stated.reading = ranks.reading
  GROUP BY stated.race_id, stated.reading, ranks.precedence
),
shared_places AS (
  SELECT stated.race_id, stated.reading, coalesce(stated.finish_position, 0) AS place
  FROM stated
  SEMI JOIN lists ON stated.race_id = lists.race_id AND stated.reading = lists.reading AND lists.may_share_places
  GROUP BY stated.race_id, stated.reading, stated.finish_position
  HAVING count(*) > 1 OR stated.finish_position IS NULL
)
SELECT
  stated.race_id,
  stated.reading,
  lists.is_listed,
  if(
    shared_places.race_id IS NULL,
    stated.finish_position::VARCHAR,
    concat('#', stated.car_number, ' ', names.driver_id)
  ) AS statement_key,
  names.driver_id,
  stated.driver_name,
  stated.car_number,
  stated.finish_position,
  stated.start_position,
  stated.laps_completed,
  if(lists.has_leader_data OR stated.laps_led > if(stated.finish_position = 1, 1, 0), stated.laps_led, NULL) AS laps_led,
  stated.status,
  stated.status_group,
  make_ids.manufacturer_id,
  stated.team_name,
  stated.owner_name,
  stated.points,
  stated.is_disqualified,
  stated.line_position,
  stated.result_id_nascar_feed,
  stated.has_gaps,
  stated.gap_milliseconds,
  stated.times_led,
  stated.crew_chief_name,
  stated.sponsor,
  stated.playoff_points,
  stated.qualifying_position,
  stated.qualifying_speed_mph,
  stated.times_listed,
  stated.source_id,
  stated.document_id
FROM stated
INNER JOIN lists ON stated.race_id = lists.race_id AND stated.reading = lists.reading
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
COMMENT ON COLUMN core.result_statements.reading IS 'Where it was read: weekend_feed, nascar_results, racing_data or almanac';
COMMENT ON COLUMN core.result_statements.is_listed IS 'Whether this source has the list of the race''s entries';
COMMENT ON COLUMN core.result_statements.statement_key IS 'What tells the cars of a race and reading apart: the place, or number and driver where a place is shared or missing';
COMMENT ON COLUMN core.result_statements.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN core.result_statements.car_number IS 'The number on the car, as text';
COMMENT ON COLUMN core.result_statements.finish_position IS 'The official place';
COMMENT ON COLUMN core.result_statements.start_position IS 'The place on the grid';
COMMENT ON COLUMN core.result_statements.laps_completed IS 'Laps that the car completed';
COMMENT ON COLUMN core.result_statements.laps_led IS 'Laps that it led; NULL for a 0 that stands for unknown';
COMMENT ON COLUMN core.result_statements.status IS 'Why it stopped, or running, in one vocabulary';
COMMENT ON COLUMN core.result_statements.status_group IS 'What kind of end that is';
COMMENT ON COLUMN core.result_statements.team_name IS 'The team as the source has it';
COMMENT ON COLUMN core.result_statements.owner_name IS 'The owner as the source has it';
COMMENT ON COLUMN core.result_statements.points IS 'Championship points';
COMMENT ON COLUMN core.result_statements.is_disqualified IS 'Whether the source says that it was disqualified';
COMMENT ON COLUMN core.result_statements.line_position IS 'The place in which it crossed the line, where the source states that';
COMMENT ON COLUMN core.result_statements.source_id IS 'The source';
COMMENT ON COLUMN core.result_statements.document_id IS 'The document; see ops.documents';
COMMENT ON COLUMN core.result_statements.has_gaps IS 'Whether the source measures gaps, so that a gap of NULL or 0 is one that was not measured';
COMMENT ON COLUMN core.result_statements.times_listed IS 'How many rows of the source have the result, where more than one may';
