-- Severity: warn
SELECT
  finishes.race_id AS row_key,
  finishes.winner,
  orders.winner_id,
  finishes.runner_up,
  orders.runner_up_id
FROM staging.almanac_finishes AS finishes
INNER JOIN core.finish_orders AS orders ON finishes.race_id = orders.race_id AND orders.basis = 'line'
LEFT JOIN core.driver_names AS winners ON winners.source_id = 'almanac' AND finishes.winner = winners.driver_name
LEFT JOIN core.driver_names AS runners_up ON runners_up.source_id = 'almanac' AND finishes.runner_up = runners_up.driver_name
WHERE winners.driver_id IS DISTINCT FROM orders.winner_id OR runners_up.driver_id IS DISTINCT FROM orders.runner_up_id
