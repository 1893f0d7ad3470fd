-- Question: Between which makes were photo finishes, and which won?
-- Parameters: series = cup, season, seconds = 0.1, limit = 20
-- Coverage: margin since 1993
SELECT
  winner_make,
  runner_up_make,
  count(*) AS photo_finishes,
  min(margin_seconds) AS smallest_margin_seconds
FROM marts.finishes
WHERE
  series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND counts_as_official_win
  AND is_ranked
  AND margin_seconds <= $seconds
  AND winner_make IS NOT NULL
  AND runner_up_make IS NOT NULL
GROUP BY winner_make, runner_up_make
ORDER BY photo_finishes DESC, winner_make ASC, runner_up_make ASC
LIMIT $limit;
