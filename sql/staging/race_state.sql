-- Grain: none (scalar macro)
-- The linter does not know macros.
-- noqa: disable=all
-- The life of a race. An entry list is no result: a race was run when there is a first place, a winner in the season's
-- list or a race time. A race that was entered and that the season's list lacks now does not take place.
CREATE OR REPLACE MACRO staging.race_state(
  has_first_place, has_winner, has_race_time, is_inspected, has_laps, is_listed, scheduled_date, race_date, has_entries
) AS
  CASE
    WHEN has_first_place OR has_winner OR has_race_time THEN if(is_inspected, 'official', 'run')
    WHEN has_laps THEN 'abandoned'
    WHEN NOT is_listed THEN 'cancelled'
    WHEN race_date > scheduled_date THEN 'postponed'
    WHEN has_entries THEN 'entered'
    ELSE 'scheduled'
  END;
COMMENT ON MACRO staging.race_state IS 'The state of a race: scheduled, entered, postponed, cancelled, abandoned, run or official; only the last two were run';
