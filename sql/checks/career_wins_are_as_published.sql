-- Severity: fail
-- Totals that record books print, compared only if the warehouse has every race of the series up to that season.
WITH held AS (
  SELECT
    seasons.series_id,
    seasons.season,
    seasons.points_races - count(races.race_id) AS races_lacking
  FROM core.seasons AS seasons
  LEFT JOIN core.races AS races
    ON
      seasons.series_id = races.series_id
      AND seasons.season = races.season
      AND races.race_number IS NOT NULL
      AND races.source_id <> 'almanac'
  GROUP BY seasons.series_id, seasons.season, seasons.points_races
),
comparable AS (
  SELECT
    known.series_id,
    known.driver_name,
    known.wins,
    known.through_season,
    names.driver_id
  FROM staging.almanac_career_wins AS known
  INNER JOIN core.driver_names AS names
    ON
      names.source_id = 'almanac'
      AND known.driver_name = names.driver_name
      AND known.through_season BETWEEN names.first_season AND names.last_season
  INNER JOIN held ON known.series_id = held.series_id AND known.through_season >= held.season
  GROUP BY known.series_id, known.driver_name, known.wins, known.through_season, names.driver_id
  HAVING max(held.races_lacking) = 0 AND max(held.season) = known.through_season
),
won AS (
  SELECT races.series_id, races.season, results.driver_id, count(*) AS wins
  FROM core.races AS races
  INNER JOIN core.results AS results ON races.race_id = results.race_id
  WHERE results.finish_position = 1 AND races.counts_as_official_win
  GROUP BY races.series_id, races.season, results.driver_id
)
SELECT
  comparable.series_id || ' ' || comparable.driver_name AS row_key,
  comparable.wins AS wins_published,
  coalesce(sum(won.wins), 0) AS wins
FROM comparable
LEFT JOIN won
  ON
    comparable.series_id = won.series_id
    AND comparable.through_season >= won.season
    AND comparable.driver_id = won.driver_id
GROUP BY comparable.series_id, comparable.driver_name, comparable.wins
HAVING coalesce(sum(won.wins), 0) <> comparable.wins
