-- Question: How many points races of each season finished under caution?
-- Parameters: series = cup, season, limit = 100
-- Example: --season 2018-2025
-- Coverage: margin
SELECT
  season,
  count(*) FILTER (WHERE margin_kind = 'under_caution') AS finishes_under_caution,
  count(*) FILTER (WHERE margin_kind <> 'unknown') AS races_with_known_finish,
  count(*) AS races
FROM marts.finishes
WHERE
  series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND race_number IS NOT NULL
GROUP BY season
HAVING count(*) FILTER (WHERE margin_kind <> 'unknown') > 0
ORDER BY season
LIMIT $limit;
