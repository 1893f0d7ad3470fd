-- Grain: series_id, driver_name
CREATE OR REPLACE TABLE ops.career_comparisons AS
WITH won AS (
  -- A season is whole for wins when the results of each of its points races say who won.
  SELECT
    races.series_id,
    races.season,
    races.race_number,
    races.counts_as_official_win,
    winners.driver_id,
    winners.document_id
  FROM core.races AS races
  INNER JOIN core.results AS winners ON races.race_id = winners.race_id
  WHERE winners.finish_position = 1 AND winners.driver_id IS NOT NULL
),
held AS (
  SELECT
    seasons.series_id,
    seasons.season,
    seasons.points_races - count(won.race_number) AS races_lacking
  FROM core.seasons AS seasons
  LEFT JOIN won ON seasons.series_id = won.series_id AND seasons.season = won.season
  GROUP BY seasons.series_id, seasons.season, seasons.points_races
),
lacking AS (
  SELECT
    known.series_id,
    known.driver_name,
    coalesce(sum(greatest(held.races_lacking, 0)), 0)::INTEGER AS races_lacking,
    count(*) FILTER (WHERE held.races_lacking > 0)::INTEGER AS seasons_lacking,
    coalesce(max(held.season) = known.through_season, FALSE) AS is_finished
  FROM staging.source_career_wins AS known
  LEFT JOIN held ON known.series_id = held.series_id AND known.through_season >= held.season
  GROUP BY known.series_id, known.driver_name, known.through_season
)
SELECT
  known.series_id,
  known.driver_name,
  names.driver_id,
  known.through_season,
  known.wins AS wins_published,
  count(won.driver_id)::INTEGER AS wins,
  lacking.seasons_lacking,
  lacking.races_lacking,
  lacking.is_finished AND lacking.races_lacking = 0 AND names.driver_id IS NOT NULL AS is_comparable,
  list_sort(list_distinct(list(won.document_id))) AS document_ids,
  known.document_id
FROM staging.source_career_wins AS known
INNER JOIN lacking ON known.series_id = lacking.series_id AND known.driver_name = lacking.driver_name
LEFT JOIN core.driver_names AS names
  ON
    known.source_id = names.source_id
    AND known.driver_name = names.driver_name
    AND known.through_season BETWEEN names.first_season AND names.last_season
LEFT JOIN won
  ON
    known.series_id = won.series_id
    AND known.through_season >= won.season
    AND names.driver_id = won.driver_id
    AND won.counts_as_official_win
GROUP BY ALL;
COMMENT ON TABLE ops.career_comparisons IS 'The career wins that the record books print, beside those that are here, and whether the seasons for it are here whole';
COMMENT ON COLUMN ops.career_comparisons.driver_name IS 'The driver, as the almanac has the name';
COMMENT ON COLUMN ops.career_comparisons.driver_id IS 'The driver; NULL for a name that is not matched';
COMMENT ON COLUMN ops.career_comparisons.through_season IS 'The last season that the printed total includes';
COMMENT ON COLUMN ops.career_comparisons.wins_published IS 'Official wins by the record books';
COMMENT ON COLUMN ops.career_comparisons.wins IS 'Official wins in the results that are here';
COMMENT ON COLUMN ops.career_comparisons.seasons_lacking IS 'Seasons up to then of which a points race is not here, or its winner';
COMMENT ON COLUMN ops.career_comparisons.races_lacking IS 'Points races up to then that are not here, or whose winner is not';
COMMENT ON COLUMN ops.career_comparisons.is_comparable IS 'Whether every points race up to then is here with its winner, so that the two totals must agree';
COMMENT ON COLUMN ops.career_comparisons.document_ids IS 'The documents of the wins that are here';
