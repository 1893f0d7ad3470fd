-- Grain: race_id, reading, statement_key
-- Incremental: race_id
CREATE OR REPLACE VIEW core.result_readings AS
SELECT
  stated.race_id,
  coalesce(matches.entry_key, if(stated.is_listed, stated.statement_key, NULL)) AS entry_key,
  stated.reading,
  stated.is_listed,
  stated.statement_key,
  stated.driver_id,
  stated.driver_name,
  stated.car_number,
  stated.finish_position,
  stated.start_position,
  stated.laps_completed,
  stated.laps_led,
  stated.status,
  stated.status_group,
  stated.manufacturer_id,
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
  stated.source_id,
  stated.document_id
FROM core.result_statements AS stated
LEFT JOIN core.entry_matches AS matches
  ON
    stated.race_id = matches.race_id
    AND stated.reading = matches.reading
    AND stated.statement_key = matches.statement_key;
COMMENT ON VIEW core.result_readings IS 'The source values of each car''s result, with the entry that each is about; core.results has the selected ones';
COMMENT ON COLUMN core.result_readings.entry_key IS 'The entry that it is about, as in core.results; NULL for a car that the list of its race lacks, see core.unlisted_entries';
COMMENT ON COLUMN core.result_readings.reading IS 'Where it was read: weekend_feed, nascar_results, racing_data or almanac';
COMMENT ON COLUMN core.result_readings.is_listed IS 'Whether this source has the list of the race''s entries';
COMMENT ON COLUMN core.result_readings.statement_key IS 'What tells the cars of a race and reading apart: the place, or number and driver where a place is shared or missing';
COMMENT ON COLUMN core.result_readings.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN core.result_readings.car_number IS 'The number on the car, as text';
COMMENT ON COLUMN core.result_readings.finish_position IS 'The official place';
COMMENT ON COLUMN core.result_readings.start_position IS 'The place on the grid';
COMMENT ON COLUMN core.result_readings.laps_completed IS 'Laps that the car completed';
COMMENT ON COLUMN core.result_readings.laps_led IS 'Laps that it led';
COMMENT ON COLUMN core.result_readings.status IS 'Why it stopped, or running, in one vocabulary';
COMMENT ON COLUMN core.result_readings.status_group IS 'What kind of end that is';
COMMENT ON COLUMN core.result_readings.team_name IS 'The team as the source has it';
COMMENT ON COLUMN core.result_readings.owner_name IS 'The owner as the source has it';
COMMENT ON COLUMN core.result_readings.points IS 'Championship points';
COMMENT ON COLUMN core.result_readings.is_disqualified IS 'Whether the source says that it was disqualified';
COMMENT ON COLUMN core.result_readings.line_position IS 'The place in which it crossed the line, where the source states that';
COMMENT ON COLUMN core.result_readings.source_id IS 'The source';
COMMENT ON COLUMN core.result_readings.document_id IS 'The document; see ops.documents';
COMMENT ON COLUMN core.result_readings.has_gaps IS 'Whether the source measures gaps, so that a gap of NULL or 0 is one that was not measured';
