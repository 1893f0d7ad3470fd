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
COMMENT ON VIEW ops.loads IS 'Every run in this home up to the one that published this warehouse, included';
COMMENT ON COLUMN ops.loads.load_id IS 'Number of the run, from 1';
COMMENT ON COLUMN ops.loads.command IS 'The command';
COMMENT ON COLUMN ops.loads.started_at IS 'When it started, UTC';
COMMENT ON COLUMN ops.loads.finished_at IS 'When it ended, UTC; for the run that published this warehouse, when its build began';
COMMENT ON COLUMN ops.loads.exit_code IS 'The exit code: 0 done, 3 a source was unavailable, 4 a source changed, 5 nothing published, see README';
COMMENT ON COLUMN ops.loads.documents_checked IS 'Documents requested with a response';
COMMENT ON COLUMN ops.loads.documents_new IS 'New versions of documents';
COMMENT ON COLUMN ops.loads.documents_absent IS 'Documents missing at their source';
COMMENT ON COLUMN ops.loads.documents_quarantined IS 'Documents whose newest version could not be loaded';
COMMENT ON COLUMN ops.loads.rows_loaded IS 'Rows read from documents, without those carried over from the earlier warehouse';
COMMENT ON COLUMN ops.loads.is_published IS 'Whether it published a warehouse';
COMMENT ON COLUMN ops.loads.warnings IS 'Notices and problems, one a line: new fields, missing seasons, problems';
