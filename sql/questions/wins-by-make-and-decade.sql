-- Question: How many races did each make win in each decade?
-- Parameters: series = cup, season, limit = 100
-- Coverage: make
SELECT
  starts.season // 10 * 10 AS decade,
  makers.manufacturer_name,
  count(*) AS wins,
  makers.manufacturer_id
FROM marts.starts AS starts
INNER JOIN core.manufacturers AS makers ON starts.manufacturer_id = makers.manufacturer_id
WHERE starts.is_win AND starts.series_id = $series AND starts.season BETWEEN $season_from AND $season_to
GROUP BY decade, makers.manufacturer_id, makers.manufacturer_name
ORDER BY decade ASC, wins DESC, makers.manufacturer_id ASC
LIMIT $limit;
