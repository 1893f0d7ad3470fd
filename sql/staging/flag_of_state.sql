-- Grain: none (scalar macro)
-- The linter does not know macros.
-- noqa: disable=all
CREATE OR REPLACE MACRO staging.flag_of_state(state) AS
  CASE state
    WHEN 1 THEN 'green'
    WHEN 2 THEN 'yellow'
    WHEN 3 THEN 'red'
    WHEN 4 THEN 'checkered'
    WHEN 8 THEN 'pace_laps'
    WHEN 9 THEN 'finished'
    ELSE 'unknown'
  END;
COMMENT ON MACRO staging.flag_of_state IS 'The flag that a number of the feed stands for; unknown for a number that is new';
