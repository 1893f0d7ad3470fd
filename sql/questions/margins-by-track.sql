-- Question: At which tracks are finishes closest?
-- Parameters: series = cup, season, at_least = 5, limit = 30
-- Coverage: margin since 1993
SELECT
  track_name,
  count(*) AS margins_known,
  round(median(margin_seconds), 3) AS median_margin_seconds,
  min(margin_seconds) AS smallest_margin_seconds,
  track_id
FROM marts.finishes
WHERE
  series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND counts_as_official_win
  AND is_ranked
GROUP BY track_id, track_name
HAVING count(*) >= $at_least
ORDER BY median_margin_seconds, track_id
LIMIT $limit;
