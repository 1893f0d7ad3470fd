-- Grain: race_key, what
CREATE OR REPLACE VIEW staging.almanac__outcome_changes AS
SELECT
  race_id AS race_key,
  TRUE AS is_keyed_by_our_ids,
  what,
  what IN ('winner_disqualified', 'runner_up_disqualified', 'first_and_second_disqualified') AS is_disqualification,
  what IN ('winner_disqualified', 'first_and_second_disqualified') AS is_line_winner_disqualified,
  what IN ('runner_up_disqualified', 'first_and_second_disqualified') AS is_line_runner_up_disqualified,
  line_winner AS line_winner_name,
  line_runner_up AS line_runner_up_name,
  note,
  document_id
FROM staging.almanac_changed_outcomes;
COMMENT ON VIEW staging.almanac__outcome_changes IS 'The changed outcomes of the almanac in the form of staging.source_outcome_changes';
