-- Grain: check_name
CREATE OR REPLACE VIEW ops.check_results AS
SELECT check_name, severity, failing_rows, failing_rows = 0 AS is_passed, examples
FROM raw.check_results;
COMMENT ON VIEW ops.check_results IS 'The results of the checks on this warehouse before it was published';
COMMENT ON COLUMN ops.check_results.check_name IS 'The check: a file in sql/checks, grain_is_unique, or exception_is_needed, which checks the list of exceptions';
COMMENT ON COLUMN ops.check_results.severity IS 'fail: a row blocks publishing; warn: rows need a review';
COMMENT ON COLUMN ops.check_results.failing_rows IS 'Rows that break it and are not listed in sql/seeds/check_exceptions.csv';
COMMENT ON COLUMN ops.check_results.is_passed IS 'Whether no such row was found';
COMMENT ON COLUMN ops.check_results.examples IS 'The first rows that break it, as JSON';
