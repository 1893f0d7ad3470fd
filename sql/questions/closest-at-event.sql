-- Question: What were the closest finishes of an event, whatever its sponsors called it?
-- Parameters: event, series = cup, season, limit = 10
-- Example: --event "coca-cola 600"
SELECT
  rank() OVER (ORDER BY margin_seconds) AS rank,
  margin_seconds,
  race_date,
  race_name,
  winner,
  runner_up,
  race_id
FROM marts.finishes
WHERE
  event_id = $event
  AND series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND counts_as_official_win
  AND is_ranked
ORDER BY margin_seconds, race_date, race_id
LIMIT $limit;
SELECT
  'electronic margin or finish under caution of ' || $event AS what,
  count(*) FILTER (WHERE is_ranked OR margin_kind = 'under_caution') AS known,
  count(*) AS races
FROM marts.finishes
WHERE
  event_id = $event
  AND series_id = $series
  AND season BETWEEN greatest($season_from, 1993) AND $season_to
  AND basis = 'line'
  AND counts_as_official_win;
