-- Grain: source_id, race_key
-- Incremental: source_id, race_key
-- The columns of every staging.<source>__schedules, which the build adds to this declaration; one that a source leaves out is NULL.
-- A table, since several relations read it.
CREATE OR REPLACE TABLE staging.source_schedules AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::VARCHAR AS series_id,
  NULL::INTEGER AS season,
  NULL::INTEGER AS race_number,
  NULL::INTEGER AS exhibition_number,
  NULL::VARCHAR AS state,
  NULL::DATE AS scheduled_date,
  NULL::DATE AS race_date,
  NULL::VARCHAR AS race_name,
  NULL::VARCHAR AS track_key,
  NULL::VARCHAR AS track_name,
  NULL::INTEGER AS entries,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON TABLE staging.source_schedules IS 'The races of each source with their state, also those that were not run, one form for all sources';
COMMENT ON COLUMN staging.source_schedules.race_key IS 'The source''s own id of the race, as in staging.source_races';
COMMENT ON COLUMN staging.source_schedules.race_number IS 'Its number among the points races of the season, in the order of the scheduled days';
COMMENT ON COLUMN staging.source_schedules.exhibition_number IS 'Its number among the exhibitions of the season; NULL for a points race';
COMMENT ON COLUMN staging.source_schedules.state IS 'As in staging.race_state';
COMMENT ON COLUMN staging.source_schedules.race_name IS 'What the source calls the race';
COMMENT ON COLUMN staging.source_schedules.track_key IS 'The source''s id or name of the venue, as in track_aliases.csv';
COMMENT ON COLUMN staging.source_schedules.track_name IS 'What the source calls the venue';
COMMENT ON COLUMN staging.source_schedules.entries IS 'Cars on the entry list or in the results; NULL where there is neither';
