-- Question: Who won an event most, whatever its sponsors called it?
-- Parameters: event, series = cup, season, limit = 20
-- Example: --event "daytona 500"
SELECT
  driver_name,
  count(*) FILTER (WHERE is_win) AS wins,
  count(*) AS starts,
  round(avg(finish_position), 2) AS average_finish,
  driver_id
FROM marts.starts
WHERE event_id = $event AND series_id = $series AND season BETWEEN $season_from AND $season_to
GROUP BY driver_id, driver_name
HAVING count(*) FILTER (WHERE is_win) > 0
ORDER BY wins DESC, starts ASC, driver_id ASC
LIMIT $limit;
SELECT
  'winner of ' || $event AS what,
  count(*) FILTER (WHERE winner_id IS NOT NULL) AS known,
  count(*) AS races
FROM marts.finishes
WHERE event_id = $event AND series_id = $series AND season BETWEEN $season_from AND $season_to AND basis = 'official'
UNION ALL
SELECT 'results' AS what, count(*) FILTER (WHERE starters > 2) AS known, count(*) AS races
FROM (
  SELECT race_id, count(*) AS starters
  FROM marts.starts
  WHERE event_id = $event AND series_id = $series AND season BETWEEN $season_from AND $season_to
  GROUP BY race_id
) AS fields;
