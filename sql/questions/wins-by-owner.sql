-- Question: Which owners won the most races?
-- Parameters: series = cup, season, limit = 20
SELECT
  owners.owner_name,
  count(*) AS wins,
  min(races.season) AS first_win_season,
  max(races.season) AS last_win_season,
  owners.owner_id
FROM core.results AS results
INNER JOIN core.races AS races ON results.race_id = races.race_id
INNER JOIN core.owners AS owners ON results.owner_id = owners.owner_id
WHERE
  results.finish_position = 1
  AND races.counts_as_official_win
  AND races.race_number IS NOT NULL
  AND races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to
GROUP BY owners.owner_id, owners.owner_name
ORDER BY wins DESC, owners.owner_id ASC
LIMIT $limit;
SELECT 'owner of the winning car' AS what, count(results.owner_id) AS known, count(*) AS races
FROM core.results AS results
INNER JOIN core.races AS races ON results.race_id = races.race_id
WHERE
  results.finish_position = 1
  AND races.counts_as_official_win
  AND races.race_number IS NOT NULL
  AND races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to;
