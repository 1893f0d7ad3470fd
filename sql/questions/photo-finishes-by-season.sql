-- Question: How many photo finishes did each season have?
-- Parameters: series = cup, season, seconds = 0.1, limit = 100
-- Example: --season 2018-2025
-- Coverage: margin since 1993
SELECT
  season,
  count(*) FILTER (WHERE margin_seconds <= $seconds) AS photo_finishes,
  count(*) AS margins_known,
  round(count(*) FILTER (WHERE margin_seconds <= $seconds) / count(*), 3) AS share
FROM marts.finishes
WHERE
  series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND counts_as_official_win
  AND is_ranked
GROUP BY season
ORDER BY season
LIMIT $limit;
