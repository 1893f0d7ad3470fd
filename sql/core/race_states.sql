-- Grain: source_id, race_key
-- Incremental: source_id, race_key
CREATE OR REPLACE TABLE core.race_states AS
SELECT
  schedules.source_id,
  schedules.race_key,
  ids.race_id,
  schedules.series_id,
  schedules.season,
  schedules.state,
  schedules.state IN ('run', 'official') AS is_run,
  schedules.document_id
FROM staging.source_schedules AS schedules
LEFT JOIN core.source_races AS ids ON schedules.source_id = ids.source_id AND schedules.race_key = ids.race_key;
COMMENT ON TABLE core.race_states IS 'The state of each race in the sources that have a schedule';
COMMENT ON COLUMN core.race_states.race_id IS 'Our id; NULL for a race that was not run, and where no race of ours fits';
COMMENT ON COLUMN core.race_states.state IS 'scheduled, entered, postponed, cancelled, abandoned, run or official (run and inspected); see sql/staging/race_state.sql';
COMMENT ON COLUMN core.race_states.is_run IS 'Whether the race was run, so that it is in core.races';
