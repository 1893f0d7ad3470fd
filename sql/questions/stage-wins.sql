-- Question: Who won the most stages?
-- Parameters: series = cup, season, limit = 20
SELECT
  drivers.driver_name,
  count(*) AS stage_wins,
  count(DISTINCT stages.race_id) AS races_with_stage_win,
  drivers.driver_id
FROM core.stage_results AS stages
INNER JOIN core.races AS races ON stages.race_id = races.race_id
INNER JOIN core.drivers AS drivers ON stages.driver_id = drivers.driver_id
WHERE
  stages.stage_position = 1
  AND races.race_number IS NOT NULL
  AND races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
GROUP BY drivers.driver_id, drivers.driver_name
ORDER BY stage_wins DESC, drivers.driver_id ASC
LIMIT $limit;
SELECT
  'stage results' AS what,
  count(DISTINCT stages.race_id) AS known,
  count(DISTINCT races.race_id) AS races
FROM core.races AS races
LEFT JOIN core.stage_results AS stages ON races.race_id = stages.race_id
WHERE
  races.race_number IS NOT NULL
  AND races.series_id = $series
  AND races.season BETWEEN greatest($season_from, 2017) AND $season_to;
