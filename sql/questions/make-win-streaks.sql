-- Question: Which makes won the most races in a row?
-- Parameters: series = cup, season, limit = 20
-- Coverage: make
WITH races AS (
  SELECT race_id, row_number() OVER (ORDER BY season, race_number) AS place
  FROM core.races
  WHERE series_id = $series AND race_number IS NOT NULL AND counts_as_official_win
),
wins AS (
  SELECT
    starts.manufacturer_id,
    starts.race_id,
    races.place,
    races.place - row_number() OVER (PARTITION BY starts.manufacturer_id ORDER BY races.place) AS streak
  FROM marts.starts AS starts
  INNER JOIN races ON starts.race_id = races.race_id
  WHERE
    starts.is_win
    AND starts.manufacturer_id IS NOT NULL
    AND starts.season BETWEEN $season_from AND $season_to
)
SELECT
  count(*) AS wins_in_a_row,
  makers.manufacturer_name,
  arg_min(wins.race_id, wins.place) AS first_race_id,
  arg_max(wins.race_id, wins.place) AS last_race_id
FROM wins
INNER JOIN core.manufacturers AS makers ON wins.manufacturer_id = makers.manufacturer_id
GROUP BY wins.manufacturer_id, makers.manufacturer_name, wins.streak
ORDER BY wins_in_a_row DESC, min(wins.place)
LIMIT $limit;
