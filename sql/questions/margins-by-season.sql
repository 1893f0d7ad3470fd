-- Question: How close were the finishes of each season?
-- Parameters: series = cup, season, limit = 100
-- Coverage: margin since 1993
SELECT
  season,
  count(*) AS margins_known,
  round(median(margin_seconds), 3) AS median_margin_seconds,
  round(avg(margin_seconds), 3) AS mean_margin_seconds,
  count(*) FILTER (WHERE margin_seconds <= 0.5) AS within_half_second
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
