-- Grain: load_id
CREATE OR REPLACE VIEW ops.loads AS
SELECT
  load_id,
  command,
  started_at,
  finished_at,
  exit_code,
  documents_checked,
  documents_new,
  documents_absent,
  documents_quarantined,
  rows_loaded,
  is_published,
  warnings
FROM raw.loads;
COMMENT ON VIEW ops.loads IS 'Every run of a job in this home until this warehouse was published, this one included';
COMMENT ON COLUMN ops.loads.load_id IS 'Number of the run, from 1';
COMMENT ON COLUMN ops.loads.command IS 'What was run';
COMMENT ON COLUMN ops.loads.started_at IS 'When, UTC';
COMMENT ON COLUMN ops.loads.finished_at IS 'Until when; for the run that published this warehouse, until its build began, UTC';
COMMENT ON COLUMN ops.loads.exit_code IS 'How it ended: 0 done, 3 a source was unavailable, 4 a source changed, 5 nothing published, see README';
COMMENT ON COLUMN ops.loads.documents_checked IS 'Documents asked for and answered';
COMMENT ON COLUMN ops.loads.documents_new IS 'New versions of documents';
COMMENT ON COLUMN ops.loads.documents_absent IS 'Documents that their source did not have';
COMMENT ON COLUMN ops.loads.documents_quarantined IS 'Documents whose newest version could not be taken';
COMMENT ON COLUMN ops.loads.rows_loaded IS 'Rows read from documents, not counting those taken over from the warehouse before';
COMMENT ON COLUMN ops.loads.is_published IS 'Whether it published a warehouse';
COMMENT ON COLUMN ops.loads.warnings IS 'What a person should know, a line each: new fields, absent seasons, problems';
