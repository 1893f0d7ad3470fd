-- Grain: race_id
-- Incremental: race_id
CREATE OR REPLACE VIEW core.stated_line_orders AS
SELECT
  coalesce(ids.race_id, if(changes.is_keyed_by_our_ids, changes.race_key, NULL)) AS race_id,
  min(winners.driver_id) AS winner_id,
  min(runners_up.driver_id) AS runner_up_id,
  min(changes.line_winner_name) FILTER (WHERE changes.is_line_winner_disqualified) AS disqualified_first,
  min(changes.line_runner_up_name) FILTER (WHERE changes.is_line_runner_up_disqualified) AS disqualified_second
FROM staging.source_outcome_changes AS changes
LEFT JOIN core.source_races AS ids ON changes.source_id = ids.source_id AND changes.race_key = ids.race_key
INNER JOIN core.driver_names AS winners ON changes.source_id = winners.source_id AND changes.line_winner_name = winners.driver_name
INNER JOIN core.driver_names AS runners_up
  ON changes.source_id = runners_up.source_id AND changes.line_runner_up_name = runners_up.driver_name
GROUP BY ALL;
COMMENT ON VIEW core.stated_line_orders IS 'Who crossed the line first and second in races whose outcome was changed, as far as a source says so';
COMMENT ON COLUMN core.stated_line_orders.winner_id IS 'The driver who crossed the line first';
COMMENT ON COLUMN core.stated_line_orders.runner_up_id IS 'The driver who crossed it second';
COMMENT ON COLUMN core.stated_line_orders.disqualified_first IS 'His name, where the first was disqualified';
COMMENT ON COLUMN core.stated_line_orders.disqualified_second IS 'His name, where the second was disqualified';
