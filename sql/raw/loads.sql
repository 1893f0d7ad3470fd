-- Grain: load_id
CREATE OR REPLACE TABLE raw.loads (
  load_id BIGINT NOT NULL PRIMARY KEY,
  command VARCHAR NOT NULL,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP NOT NULL,
  exit_code INTEGER NOT NULL,
  documents_checked BIGINT NOT NULL,
  documents_new BIGINT NOT NULL,
  documents_absent BIGINT NOT NULL,
  documents_quarantined BIGINT NOT NULL,
  rows_loaded BIGINT NOT NULL,
  is_published BOOLEAN NOT NULL,
  warnings VARCHAR NOT NULL
);
COMMENT ON TABLE raw.loads IS 'The account of each run, as the landing keeps it; see ops.loads';
