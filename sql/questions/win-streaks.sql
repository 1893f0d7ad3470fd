-- Question: Who won the most races in a row?
-- Parameters: series = cup, season, limit = 20
-- Coverage: winner
WITH races AS (
  SELECT race_id, row_number() OVER (ORDER BY season, race_number) AS place
  FROM core.races
  WHERE series_id = $series AND race_number IS NOT NULL AND counts_as_official_win
),
wins AS (
  SELECT
    starts.driver_id,
    starts.driver_name,
    starts.race_id,
    starts.season,
    races.place,
    races.place - row_number() OVER (PARTITION BY starts.driver_id ORDER BY races.place) AS streak
  FROM marts.starts AS starts
  INNER JOIN races ON starts.race_id = races.race_id
  WHERE starts.is_win AND starts.season BETWEEN $season_from AND $season_to
)
SELECT
  count(*) AS wins_in_a_row,
  driver_name,
  arg_min(race_id, place) AS first_race_id,
  arg_max(race_id, place) AS last_race_id,
  driver_id
FROM wins
GROUP BY driver_id, driver_name, streak
HAVING count(*) > 1
ORDER BY wins_in_a_row DESC, min(place)
LIMIT $limit;
