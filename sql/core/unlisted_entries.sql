-- Grain: race_id, reading, driver_name (may be NULL), car_number (may be NULL)
-- Incremental: race_id
CREATE OR REPLACE TABLE core.unlisted_entries AS
SELECT
  race_id,
  reading,
  driver_id,
  driver_name,
  car_number,
  finish_position,
  laps_completed,
  status,
  if(finish_position IS NULL, 'did not qualify', 'only this source lists it') AS reason,
  source_id,
  document_id
FROM core.result_readings
WHERE entry_key IS NULL;
COMMENT ON TABLE core.unlisted_entries IS 'Cars that a source has and the list of the race, which another source has, does not: did not qualify, did not start, or doubtful';
COMMENT ON COLUMN core.unlisted_entries.reading IS 'Where it was read';
COMMENT ON COLUMN core.unlisted_entries.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN core.unlisted_entries.car_number IS 'The number on the car';
COMMENT ON COLUMN core.unlisted_entries.finish_position IS 'The place that the source gives it, NULL for none';
COMMENT ON COLUMN core.unlisted_entries.laps_completed IS 'Laps that the source gives it';
COMMENT ON COLUMN core.unlisted_entries.status IS 'Why it stopped, as far as the source says';
COMMENT ON COLUMN core.unlisted_entries.reason IS 'Why it is not in core.results';
COMMENT ON COLUMN core.unlisted_entries.source_id IS 'The source';
COMMENT ON COLUMN core.unlisted_entries.document_id IS 'The document; see ops.documents';
