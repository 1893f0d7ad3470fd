-- Grain: check_name
CREATE OR REPLACE TABLE raw.check_results (
  check_name VARCHAR NOT NULL PRIMARY KEY,
  severity VARCHAR NOT NULL,
  failing_rows BIGINT NOT NULL,
  examples VARCHAR NOT NULL
);
COMMENT ON TABLE raw.check_results IS 'The outcome of the checks on this warehouse; see ops.check_results';
