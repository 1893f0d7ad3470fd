-- Grain: one row per reading of a car's result
CREATE OR REPLACE TABLE core.result_readings AS
WITH lists AS (
  -- One source has the list of a race: the cars that were in it.
  SELECT race_id, arg_min(reading, list_precedence) AS reading
  FROM core.result_statements
  GROUP BY race_id
),
shared_drivers AS (
  SELECT race_id, reading, driver_id
  FROM core.result_statements
  GROUP BY race_id, reading, driver_id
  HAVING count(*) > 1 OR driver_id IS NULL
),
shared_places AS (
  SELECT race_id, reading, coalesce(finish_position, 0) AS place
  FROM core.result_statements
  GROUP BY race_id, reading, finish_position
  HAVING count(*) > 1 OR finish_position IS NULL
),
entries AS (
  SELECT
    listed.race_id,
    if(shared_drivers.race_id IS NULL, listed.driver_id, NULL) AS driver_id,
    if(shared_places.race_id IS NULL, listed.finish_position, NULL) AS place,
    if(
      shared_places.race_id IS NULL,
      listed.finish_position::VARCHAR,
      concat('#', listed.car_number, ' ', listed.driver_id)
    ) AS entry_key
  FROM core.result_statements AS listed
  INNER JOIN lists ON listed.race_id = lists.race_id AND listed.reading = lists.reading
  LEFT JOIN shared_drivers
    ON
      listed.race_id = shared_drivers.race_id
      AND listed.reading = shared_drivers.reading
      AND listed.driver_id = shared_drivers.driver_id
  LEFT JOIN shared_places
    ON
      listed.race_id = shared_places.race_id
      AND listed.reading = shared_places.reading
      AND coalesce(listed.finish_position, 0) = shared_places.place
),
others AS (
  SELECT
    stated.*,
    if(shared_places.race_id IS NULL, stated.finish_position, NULL) AS place,
    if(shared_drivers.race_id IS NULL, entries.entry_key, NULL) AS entry_key
  FROM core.result_statements AS stated
  INNER JOIN lists ON stated.race_id = lists.race_id AND stated.reading <> lists.reading
  LEFT JOIN shared_drivers
    ON
      stated.race_id = shared_drivers.race_id
      AND stated.reading = shared_drivers.reading
      AND stated.driver_id = shared_drivers.driver_id
  LEFT JOIN shared_places
    ON
      stated.race_id = shared_places.race_id
      AND stated.reading = shared_places.reading
      AND coalesce(stated.finish_position, 0) = shared_places.place
  LEFT JOIN entries
    ON stated.race_id = entries.race_id AND stated.driver_id = entries.driver_id
),
by_place AS (
  -- What is left over on both sides and shares a place: two sources that spell a name or see the driver otherwise.
  SELECT others.race_id, others.reading, others.place, entries.entry_key
  FROM others
  INNER JOIN entries ON others.race_id = entries.race_id AND others.place = entries.place
  ANTI JOIN others AS given
    ON entries.race_id = given.race_id AND others.reading = given.reading AND entries.entry_key = given.entry_key
  WHERE others.entry_key IS NULL
)
SELECT
  others.race_id,
  coalesce(others.entry_key, by_place.entry_key) AS entry_key,
  others.* EXCLUDE (race_id, entry_key, place, list_precedence)
FROM others
LEFT JOIN by_place
  ON others.race_id = by_place.race_id AND others.reading = by_place.reading AND others.place = by_place.place
UNION ALL BY NAME
SELECT
  listed.race_id,
  if(
    shared_places.race_id IS NULL,
    listed.finish_position::VARCHAR,
    concat('#', listed.car_number, ' ', listed.driver_id)
  ) AS entry_key,
  listed.* EXCLUDE (race_id, list_precedence)
FROM core.result_statements AS listed
INNER JOIN lists ON listed.race_id = lists.race_id AND listed.reading = lists.reading
LEFT JOIN shared_places
  ON
    listed.race_id = shared_places.race_id
    AND listed.reading = shared_places.reading
    AND coalesce(listed.finish_position, 0) = shared_places.place;
COMMENT ON TABLE core.result_readings IS 'What each source says of each car''s result; core.results has what is believed';
COMMENT ON COLUMN core.result_readings.race_id IS 'The race; see core.races';
COMMENT ON COLUMN core.result_readings.entry_key IS 'The entry that it is about, as in core.results; NULL for a car that the list of its race lacks, see core.unlisted_entries';
COMMENT ON COLUMN core.result_readings.reading IS 'Where it was read: weekend_feed, nascar_results, racing_data or almanac';
COMMENT ON COLUMN core.result_readings.driver_id IS 'The driver; see core.drivers';
COMMENT ON COLUMN core.result_readings.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN core.result_readings.car_number IS 'The number on the car, as text';
COMMENT ON COLUMN core.result_readings.finish_position IS 'The official place';
COMMENT ON COLUMN core.result_readings.start_position IS 'The place on the grid';
COMMENT ON COLUMN core.result_readings.laps_completed IS 'Laps that the car completed';
COMMENT ON COLUMN core.result_readings.laps_led IS 'Laps that it led';
COMMENT ON COLUMN core.result_readings.status IS 'Why it stopped, or running, in one vocabulary';
COMMENT ON COLUMN core.result_readings.status_group IS 'What kind of end that is';
COMMENT ON COLUMN core.result_readings.status_text IS 'The status as the source has it';
COMMENT ON COLUMN core.result_readings.manufacturer_id IS 'The make; see core.manufacturers';
COMMENT ON COLUMN core.result_readings.make_text IS 'The make as the source has it, without a year, in lower case';
COMMENT ON COLUMN core.result_readings.team_name IS 'The team as the source has it';
COMMENT ON COLUMN core.result_readings.owner_name IS 'The owner as the source has it';
COMMENT ON COLUMN core.result_readings.owner_id IS 'The owner; see core.owners';
COMMENT ON COLUMN core.result_readings.points IS 'Championship points';
COMMENT ON COLUMN core.result_readings.is_disqualified IS 'Whether the source says that it was disqualified';
COMMENT ON COLUMN core.result_readings.line_position IS 'The place in which it crossed the line, where the source states that';
COMMENT ON COLUMN core.result_readings.result_id_nascar_feed IS 'The league''s own id of the result';
COMMENT ON COLUMN core.result_readings.source_id IS 'The source';
COMMENT ON COLUMN core.result_readings.document_id IS 'The document; see ops.documents';
