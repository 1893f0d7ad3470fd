-- Grain: source_id, race_key, what
-- The columns of every staging.<source>__outcome_changes, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_outcome_changes AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::BOOLEAN AS is_keyed_by_our_ids,
  NULL::VARCHAR AS what,
  NULL::BOOLEAN AS is_disqualification,
  NULL::BOOLEAN AS is_line_winner_disqualified,
  NULL::BOOLEAN AS is_line_runner_up_disqualified,
  NULL::VARCHAR AS line_winner_name,
  NULL::VARCHAR AS line_runner_up_name,
  NULL::VARCHAR AS note,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_outcome_changes IS 'Races whose outcome or printed margin changed after the finish, one form for all sources';
COMMENT ON COLUMN staging.source_outcome_changes.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_outcome_changes.is_keyed_by_our_ids IS 'Whether race_key is our race_id';
COMMENT ON COLUMN staging.source_outcome_changes.what IS 'The kind of change';
COMMENT ON COLUMN staging.source_outcome_changes.is_disqualification IS 'Whether one of the first two was disqualified, so that the printed margin is not official';
COMMENT ON COLUMN staging.source_outcome_changes.is_line_winner_disqualified IS 'Whether the driver who crossed the line first was disqualified';
COMMENT ON COLUMN staging.source_outcome_changes.is_line_runner_up_disqualified IS 'Whether the driver who crossed it second was';
COMMENT ON COLUMN staging.source_outcome_changes.line_winner_name IS 'The driver who crossed the line first, as the source has the name; NULL where it does not say';
COMMENT ON COLUMN staging.source_outcome_changes.line_runner_up_name IS 'The driver who crossed it second, likewise';
COMMENT ON COLUMN staging.source_outcome_changes.note IS 'What happened';
