-- Grain: none (scalar macro)
-- The linter does not know macros.
-- noqa: disable=all
-- A time of 0:00:00 says that a race was run only where it had leaders.
CREATE OR REPLACE MACRO staging.has_race_time(clock, leaders) AS
  trim(coalesce(clock, ''), '0:. ') <> '' OR (trim(coalesce(clock, '')) <> '' AND coalesce(leaders, 0) > 0);
COMMENT ON MACRO staging.has_race_time IS 'Whether the time of a race says that it was run';
