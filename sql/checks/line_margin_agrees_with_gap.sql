-- Severity: warn
-- Unless one of the first two on the line was disqualified, the printed margin is the runner-up's gap.
SELECT margins.race_id AS row_key, margins.margin_seconds, orders.gap_seconds
FROM core.race_margins AS margins
INNER JOIN core.finish_orders AS orders ON margins.race_id = orders.race_id AND margins.basis = orders.basis
WHERE
  margins.basis = 'line'
  AND orders.gap_seconds > 0
  AND margins.margin_kind = 'time'
  AND NOT margins.is_approximate
  AND margins.reading <> 'gap'
  AND abs(margins.margin_seconds - orders.gap_seconds) > 0.0005
