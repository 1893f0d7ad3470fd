-- Grain: race_id
CREATE OR REPLACE VIEW ops.unknown_line_orders AS
SELECT
  races.race_id,
  races.series_id,
  races.season,
  races.race_date,
  coalesce(orders.is_in_doubt, FALSE) AS is_in_doubt,
  coalesce(orders.line_order_missing_reason, 'no source has results of the race') AS reason,
  coalesce(orders.document_id, races.document_id) AS document_id
FROM core.races AS races
LEFT JOIN core.finish_orders AS orders ON races.race_id = orders.race_id AND orders.basis = 'line'
WHERE orders.is_line_order_known IS NOT TRUE
ORDER BY is_in_doubt DESC, races.season DESC, races.race_id ASC;
COMMENT ON VIEW ops.unknown_line_orders IS 'Races of which it is not known in which order the cars crossed the line; a printed margin is shown between the official first two';
COMMENT ON COLUMN ops.unknown_line_orders.is_in_doubt IS 'Whether the places and laps of the race contradict each other, so that not even its printed margin counts';
COMMENT ON COLUMN ops.unknown_line_orders.reason IS 'Why it is not known';
COMMENT ON COLUMN ops.unknown_line_orders.document_id IS 'The document of the results, or of the race; see ops.documents';
