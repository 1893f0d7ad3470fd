-- Grain: none (scalar macro)
-- The linter does not know macros.
-- noqa: disable=all
CREATE OR REPLACE MACRO staging.race_time_seconds(clock) AS
  CASE
    WHEN regexp_full_match(clock, '[0-9]{1,2}:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?')
      THEN nullif(
        3600 * split_part(clock, ':', 1)::INTEGER
        + 60 * split_part(clock, ':', 2)::INTEGER
        + round(split_part(clock, ':', 3)::DECIMAL(5, 3))::INTEGER,
        0
      )
  END;
COMMENT ON MACRO staging.race_time_seconds IS 'The time of a race in whole seconds; NULL for anything that is not hours:minutes:seconds';
