-- Question: How many points races of each season went into overtime?
-- Parameters: series = cup, season, limit = 100
-- Coverage: laps_scheduled since 2004
SELECT
  season,
  count(*) FILTER (WHERE laps_completed > laps_scheduled) AS overtime_races,
  count(laps_scheduled) AS races_with_known_distance,
  count(*) AS races
FROM core.races
WHERE
  series_id = $series
  AND season BETWEEN greatest($season_from, 2004) AND $season_to
  AND race_number IS NOT NULL
GROUP BY season
HAVING count(laps_scheduled) > 0
ORDER BY season
LIMIT $limit;
