-- Grain: source_id, race_key, reading, driver_name (may be NULL), car_number (may be NULL)
-- The columns of every staging.<source>__results, which the build adds to this declaration; one that a source leaves out is NULL.
CREATE OR REPLACE VIEW staging.source_results AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::VARCHAR AS reading,
  NULL::BOOLEAN AS is_keyed_by_our_ids,
  NULL::VARCHAR AS series_id,
  NULL::INTEGER AS season,
  NULL::VARCHAR AS driver_name,
  NULL::VARCHAR AS car_number,
  NULL::INTEGER AS finish_position,
  NULL::INTEGER AS start_position,
  NULL::INTEGER AS laps_completed,
  NULL::INTEGER AS laps_led,
  NULL::VARCHAR AS status,
  NULL::VARCHAR AS status_group,
  NULL::VARCHAR AS make_text,
  NULL::VARCHAR AS team_name,
  NULL::VARCHAR AS owner_name,
  NULL::INTEGER AS points,
  NULL::BOOLEAN AS is_disqualified,
  NULL::INTEGER AS line_position,
  NULL::BOOLEAN AS has_gaps,
  NULL::BIGINT AS gap_milliseconds,
  NULL::INTEGER AS times_led,
  NULL::VARCHAR AS crew_chief_name,
  NULL::VARCHAR AS sponsor,
  NULL::INTEGER AS playoff_points,
  NULL::INTEGER AS qualifying_position,
  NULL::DECIMAL(7, 3) AS qualifying_speed_mph,
  NULL::BIGINT AS result_id_nascar_feed,
  NULL::BIGINT AS times_listed,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_results IS 'What each source states about each car''s result, one form for all';
COMMENT ON COLUMN staging.source_results.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_results.reading IS 'The kind of source value, which fact_precedence.csv ranks; kinds of two sources have different names';
COMMENT ON COLUMN staging.source_results.is_keyed_by_our_ids IS 'Whether race_key is our race_id, also of a race that the source does not list';
COMMENT ON COLUMN staging.source_results.series_id IS 'The series: cup, nxs or truck';
COMMENT ON COLUMN staging.source_results.season IS 'The season, in which the driver''s name is looked up';
COMMENT ON COLUMN staging.source_results.driver_name IS 'The driver who is credited, as the source has the name';
COMMENT ON COLUMN staging.source_results.finish_position IS 'The official place; NULL for a car that did not start, or unknown';
COMMENT ON COLUMN staging.source_results.laps_led IS 'Laps that it led; core ignores zeros where the source does not have who led most of the race';
COMMENT ON COLUMN staging.source_results.status IS 'Why it stopped, or running, in the vocabulary of result_statuses.csv; a word that is not in it as the source has it';
COMMENT ON COLUMN staging.source_results.status_group IS 'What kind of end that is; NULL for a status that is in no vocabulary';
COMMENT ON COLUMN staging.source_results.make_text IS 'The make or model, in lower case, as in make_aliases.csv';
COMMENT ON COLUMN staging.source_results.team_name IS 'The team as the source has it';
COMMENT ON COLUMN staging.source_results.is_disqualified IS 'Whether the source says that it was disqualified';
COMMENT ON COLUMN staging.source_results.has_gaps IS 'Whether the source measures gaps behind the winner, so that gap_milliseconds NULL or 0 is one that was not measured';
COMMENT ON COLUMN staging.source_results.times_listed IS 'How many rows of the source have the result, where more than one may';
