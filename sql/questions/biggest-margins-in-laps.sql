-- Question: Who won by the most laps?
-- Parameters: series = cup, season, limit = 20
-- Coverage: margin
SELECT
  margin_value AS laps,
  is_lower_bound,
  race_date,
  race_name,
  track_name,
  winner,
  runner_up,
  margin_text,
  race_id
FROM marts.finishes
WHERE
  series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND counts_as_official_win
  AND margin_kind = 'laps'
  AND verification <> 'doubtful'
ORDER BY margin_value DESC, race_date ASC, race_id ASC
LIMIT $limit;
