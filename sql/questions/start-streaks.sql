-- Question: Who started the most races in a row?
-- Parameters: series = cup, season, limit = 20
-- Coverage: results
WITH races AS (
  SELECT race_id, row_number() OVER (ORDER BY season, race_number) AS place
  FROM core.races
  WHERE series_id = $series AND race_number IS NOT NULL
),
starts AS (
  SELECT
    listed.driver_id,
    listed.driver_name,
    listed.race_id,
    races.place,
    races.place - row_number() OVER (PARTITION BY listed.driver_id ORDER BY races.place) AS streak
  FROM marts.starts AS listed
  INNER JOIN races ON listed.race_id = races.race_id
  WHERE listed.season BETWEEN $season_from AND $season_to
)
SELECT
  count(*) AS starts_in_a_row,
  driver_name,
  arg_min(race_id, place) AS first_race_id,
  arg_max(race_id, place) AS last_race_id,
  driver_id
FROM starts
GROUP BY driver_id, driver_name, streak
ORDER BY starts_in_a_row DESC, driver_id ASC, first_race_id ASC
LIMIT $limit;
