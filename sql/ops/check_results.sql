-- Grain: check_name
CREATE OR REPLACE VIEW ops.check_results AS
SELECT check_name, severity, failing_rows, failing_rows = 0 AS is_passed, examples
FROM raw.check_results;
COMMENT ON VIEW ops.check_results IS 'How the invariants held on this warehouse before it was published';
COMMENT ON COLUMN ops.check_results.check_name IS 'The check, a file in sql/checks; exception_is_needed is about the list of exceptions';
COMMENT ON COLUMN ops.check_results.severity IS 'fail: rows block publishing; warn: rows are for a person to look at';
COMMENT ON COLUMN ops.check_results.failing_rows IS 'How many rows break it that are not listed in sql/seeds/check_exceptions.csv';
COMMENT ON COLUMN ops.check_results.is_passed IS 'Whether none does';
COMMENT ON COLUMN ops.check_results.examples IS 'The first rows that break it, as JSON';
