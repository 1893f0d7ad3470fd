-- Question: What was the closest finish of each season?
-- Parameters: series = cup, season, limit = 100
-- Coverage: margin since 1993
WITH compared AS (
  SELECT
    *,
    rank() OVER (PARTITION BY season ORDER BY margin_seconds) AS place,
    count(*) OVER (PARTITION BY season) AS margins_known
  FROM marts.finishes
  WHERE
    series_id = $series
    AND season BETWEEN $season_from AND $season_to
    AND basis = 'line'
    AND counts_as_official_win
    AND is_ranked
)
SELECT season, margin_seconds, race_name, track_name, winner, runner_up, margins_known, race_id
FROM compared
WHERE place = 1
ORDER BY season, race_id
LIMIT $limit;
