-- Question: What were the biggest margins of victory in seconds?
-- Parameters: series = cup, season, limit = 20
-- Coverage: margin since 1993
SELECT
  margin_seconds,
  race_date,
  race_name,
  track_name,
  winner,
  runner_up,
  race_id
FROM marts.finishes
WHERE
  series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND counts_as_official_win
  AND is_ranked
ORDER BY margin_seconds DESC, race_date ASC, race_id ASC
LIMIT $limit;
