-- Question: Which makes won the most races?
-- Parameters: series = cup, season, limit = 30
-- Coverage: make
SELECT
  makers.manufacturer_name,
  count(*) AS wins,
  min(starts.season) AS first_win_season,
  max(starts.season) AS last_win_season,
  makers.manufacturer_id
FROM marts.starts AS starts
INNER JOIN core.manufacturers AS makers ON starts.manufacturer_id = makers.manufacturer_id
WHERE starts.is_win AND starts.series_id = $series AND starts.season BETWEEN $season_from AND $season_to
GROUP BY makers.manufacturer_id, makers.manufacturer_name
ORDER BY wins DESC, makers.manufacturer_id ASC
LIMIT $limit;
