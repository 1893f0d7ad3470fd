-- Question: What were cautions for?
-- Parameters: series = cup, season, limit = 30
SELECT
  cautions.caution_reason,
  count(*) AS cautions,
  count(DISTINCT cautions.race_id) AS races,
  sum(cautions.laps)::BIGINT AS caution_laps
FROM core.cautions AS cautions
INNER JOIN core.races AS races ON cautions.race_id = races.race_id
WHERE
  races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
  AND races.race_number IS NOT NULL
GROUP BY cautions.caution_reason
ORDER BY cautions DESC, cautions.caution_reason ASC
LIMIT $limit;
SELECT
  'list of cautions' AS what,
  count(DISTINCT races.race_id) FILTER (WHERE cautions.race_id IS NOT NULL OR races.cautions = 0) AS known,
  count(DISTINCT races.race_id) AS races
FROM core.races AS races
LEFT JOIN core.cautions AS cautions ON races.race_id = cautions.race_id
WHERE
  races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
  AND races.race_number IS NOT NULL;
