-- Grain: source_id, race_key
CREATE OR REPLACE TABLE core.listed_races AS
WITH feed AS (
  SELECT
    coalesce(weekend.race_id_nascar_feed, listed.race_id_nascar_feed) AS race_id_nascar_feed,
    coalesce(weekend.series_id, listed.series_id) AS series_id,
    coalesce(weekend.season, listed.season) AS season,
    coalesce(weekend.race_name, listed.race_name) AS race_name,
    coalesce(weekend.track_id_nascar_feed, listed.track_id_nascar_feed)::VARCHAR AS track_key,
    coalesce(weekend.track_name, listed.track_name) AS track_name,
    coalesce(listed.race_type_id, weekend.race_type_id) AS race_type_id,
    -- The weekend feed often keeps the day a race was scheduled for; the index has the day it was run.
    coalesce(corrections.race_date::DATE, listed.race_date, weekend.race_date) AS race_date,
    coalesce(weekend.document_id, listed.document_id) AS document_id,
    coalesce(listed.is_run, FALSE) OR weekend.race_id_nascar_feed IS NOT NULL AS is_run
  FROM staging.nascar_feed_races AS listed
  FULL JOIN staging.nascar_feed_weekends AS weekend ON listed.race_id_nascar_feed = weekend.race_id_nascar_feed
  LEFT JOIN seeds.race_date_corrections AS corrections
    ON
      corrections.source_id = 'nascar_feed'
      AND corrections.race_key = coalesce(weekend.race_id_nascar_feed, listed.race_id_nascar_feed)::VARCHAR
),
numbered AS (
  -- Races to be run are counted in, so that one whose result comes late does not move those after it.
  SELECT
    feed.*,
    types.is_points_race::BOOLEAN AS is_points_race,
    row_number() OVER (
      PARTITION BY feed.series_id, feed.season, types.is_points_race
      ORDER BY feed.race_date, feed.race_id_nascar_feed
    ) AS number_of_its_kind
  FROM feed
  INNER JOIN seeds.race_types AS types ON types.race_type_id = feed.race_type_id::VARCHAR
),
feed_winners AS (
  SELECT race_id_nascar_feed, min(driver_name) AS winner
  FROM staging.nascar_feed_results
  WHERE finish_position = 1
  GROUP BY race_id_nascar_feed
),
winners AS (
  SELECT
    race_key,
    any_value(series_id) AS series_id,
    any_value(season) AS season,
    any_value(race_number_listed) AS race_number_listed,
    any_value(race_name) AS race_name,
    any_value(track_key) AS track_key,
    arg_min(driver_name, finish_position) AS winner,
    any_value(document_id) AS document_id
  FROM staging.nascar_results_results
  GROUP BY race_key
),
listed AS (
  SELECT
    'nascar_feed' AS source_id,
    numbered.race_id_nascar_feed::VARCHAR AS race_key,
    numbered.series_id,
    numbered.season,
    if(numbered.is_points_race, numbered.number_of_its_kind, NULL) AS race_number,
    if(numbered.is_points_race, NULL, numbered.number_of_its_kind) AS exhibition_number,
    numbered.race_date,
    numbered.race_name,
    numbered.track_key,
    numbered.track_name,
    feed_winners.winner,
    numbered.document_id,
    2 AS trust
  FROM numbered
  LEFT JOIN feed_winners ON numbered.race_id_nascar_feed = feed_winners.race_id_nascar_feed
  WHERE numbered.is_run
  UNION ALL
  SELECT 'racing_data', race_key, series_id, season, race_number, NULL, race_date, race_name, track_key, track_name, winner, document_id, 1
  FROM staging.racing_data_races
  WHERE winner IS NOT NULL
  UNION ALL
  SELECT
    'nascar_results',
    winners.race_key,
    winners.series_id,
    winners.season,
    coalesce(corrections.race_number::INTEGER, winners.race_number_listed),
    NULL,
    NULL,
    winners.race_name,
    winners.track_key,
    winners.track_key,
    winners.winner,
    winners.document_id,
    3
  FROM winners
  -- The number is wrong at that track only: a file that is repaired one day is not made wrong.
  LEFT JOIN seeds.race_number_corrections AS corrections
    ON
      corrections.source_id = 'nascar_results'
      AND winners.series_id = corrections.series_id
      AND winners.season = corrections.season::INTEGER
      AND winners.race_number_listed = corrections.listed_number::INTEGER
      AND winners.track_key = corrections.track_key
  UNION ALL
  SELECT
    'almanac',
    race_id,
    series_id,
    season,
    race_number,
    try_cast(ltrim(split_part(race_id, '-', 3), 'x') AS INTEGER),
    race_date,
    race_name,
    track_name,
    track_name,
    winner,
    document_id,
    4
  FROM staging.almanac_finishes
  UNION ALL
  SELECT
    'racing_reference_pages',
    concat_ws('-', series_id, season, lpad(race_number::VARCHAR, 2, '0')),
    series_id,
    season,
    race_number,
    NULL,
    race_date,
    race_name,
    track_name,
    track_name,
    NULL,
    document_id,
    5
  FROM staging.racing_reference_pages
  UNION ALL
  -- A list without numbers.
  SELECT
    'wikipedia',
    season || ' ' || race_name,
    'cup',
    season,
    NULL,
    NULL,
    race_date,
    race_name,
    track_name,
    track_name,
    winner,
    document_id,
    6
  FROM staging.wikipedia_closest_finishes
),
identified AS (
  SELECT
    listed.*,
    coalesce(corrections.track_id, tracks.track_id, staging.slug(listed.track_name)) AS track_id,
    names.driver_id AS winner_id
  FROM listed
  LEFT JOIN seeds.track_aliases AS tracks ON listed.source_id = tracks.source_id AND listed.track_key = tracks.track_key
  -- One name of a source may stand for two venues.
  LEFT JOIN seeds.race_track_corrections AS corrections
    ON listed.source_id = corrections.source_id AND listed.race_key = corrections.race_key
  LEFT JOIN core.driver_names AS names
    ON
      listed.source_id = names.source_id
      AND listed.winner = names.driver_name
      AND listed.season BETWEEN names.first_season AND names.last_season
),
numberless AS (
  -- A race of a list without numbers: of the same day, or the day after rain, and won by the same driver.
  SELECT
    identified.source_id,
    identified.race_key,
    any_value(known.race_number) AS race_number,
    any_value(known.exhibition_number) AS exhibition_number
  FROM identified
  INNER JOIN identified AS known
    ON
      identified.series_id = known.series_id
      AND identified.season = known.season
      AND identified.winner_id = known.winner_id
      AND abs(identified.race_date - known.race_date) <= 1
  WHERE
    identified.race_number IS NULL AND identified.exhibition_number IS NULL
    AND (known.race_number IS NOT NULL OR known.exhibition_number IS NOT NULL)
  GROUP BY identified.source_id, identified.race_key
  HAVING min(coalesce(known.race_number, -known.exhibition_number)) = max(coalesce(known.race_number, -known.exhibition_number))
),
known AS (
  -- Each number of a season, as the source says that is trusted most with numbers.
  SELECT
    series_id,
    season,
    race_number,
    arg_min(track_id, trust) AS track_id,
    arg_min(race_date, trust) AS race_date,
    arg_min(winner_id, trust) AS winner_id
  FROM identified
  WHERE race_number IS NOT NULL
  GROUP BY series_id, season, race_number
),
elsewhere AS (
  -- A race under another number: at the same track, and on the same days or won by the same driver.
  SELECT
    identified.source_id,
    identified.race_key,
    if(count(*) = 1, any_value(known.race_number), NULL) AS race_number
  FROM identified
  INNER JOIN known AS same_number
    ON
      identified.series_id = same_number.series_id
      AND identified.season = same_number.season
      AND identified.race_number = same_number.race_number
  INNER JOIN known
    ON
      identified.series_id = known.series_id
      AND identified.season = known.season
      AND identified.track_id = known.track_id
      AND (abs(identified.race_date - known.race_date) <= 3 OR identified.winner_id = known.winner_id)
  WHERE identified.track_id <> same_number.track_id
  GROUP BY identified.source_id, identified.race_key
),
exchanged AS (
  -- Two races at one track, such as the qualifying races of Daytona, each with the winner of the other.
  SELECT
    identified.source_id,
    identified.race_key,
    if(count(*) = 1, any_value(known.race_number), NULL) AS race_number
  FROM identified
  INNER JOIN known AS same_number
    ON
      identified.series_id = same_number.series_id
      AND identified.season = same_number.season
      AND identified.race_number = same_number.race_number
      AND identified.track_id = same_number.track_id
  INNER JOIN known
    ON
      identified.series_id = known.series_id
      AND identified.season = known.season
      AND identified.track_id = known.track_id
      AND identified.winner_id = known.winner_id
  INNER JOIN identified AS other
    ON
      identified.source_id = other.source_id
      AND identified.series_id = other.series_id
      AND identified.season = other.season
      AND identified.track_id = other.track_id
      AND known.race_number = other.race_number
      AND same_number.winner_id = other.winner_id
  WHERE identified.winner_id <> same_number.winner_id
  GROUP BY identified.source_id, identified.race_key
),
matched AS (
  SELECT
    identified.*,
    coalesce(identified.exhibition_number, numberless.exhibition_number) AS exhibition_matched,
    CASE
      WHEN identified.race_number IS NULL THEN numberless.race_number
      WHEN exchanged.race_number IS NOT NULL AND identified.source_id <> 'almanac' THEN exchanged.race_number
      -- The almanac is keyed by our ids.
      WHEN identified.track_id = same_number.track_id OR identified.source_id = 'almanac' THEN identified.race_number
      WHEN elsewhere.race_number IS NOT NULL THEN elsewhere.race_number
      -- The venue is named wrong, or by a name that nobody has entered.
      WHEN identified.winner_id = same_number.winner_id OR identified.race_date = same_number.race_date
        THEN identified.race_number
    END AS number_matched
  FROM identified
  LEFT JOIN known AS same_number
    ON
      identified.series_id = same_number.series_id
      AND identified.season = same_number.season
      AND identified.race_number = same_number.race_number
  LEFT JOIN numberless ON identified.source_id = numberless.source_id AND identified.race_key = numberless.race_key
  LEFT JOIN elsewhere ON identified.source_id = elsewhere.source_id AND identified.race_key = elsewhere.race_key
  LEFT JOIN exchanged ON identified.source_id = exchanged.source_id AND identified.race_key = exchanged.race_key
)
SELECT
  source_id,
  race_key,
  CASE
    -- A source has each race once: of two that fit one race, only one that has its number is it.
    WHEN
      number_matched = race_number
      OR count(number_matched) OVER (PARTITION BY source_id, series_id, season, number_matched) = 1
      THEN series_id || '-' || season || '-' || lpad(number_matched::VARCHAR, 2, '0')
    WHEN race_number IS NULL THEN series_id || '-' || season || '-x' || lpad(exhibition_matched::VARCHAR, 2, '0')
  END AS race_id,
  series_id,
  season::INTEGER AS season,
  coalesce(number_matched, race_number)::INTEGER AS race_number,
  race_date,
  race_name,
  track_id,
  track_name AS track_name_at_the_time,
  winner_id,
  document_id
FROM matched;
COMMENT ON TABLE core.listed_races IS 'What each source calls a race, whether or not it is a race of ours; races that were run';
COMMENT ON COLUMN core.listed_races.source_id IS 'The source';
COMMENT ON COLUMN core.listed_races.race_key IS 'The source''s own id of the race';
COMMENT ON COLUMN core.listed_races.race_id IS 'Our id, as in core.races; NULL where no race of ours fits, see ops.unmatched';
COMMENT ON COLUMN core.listed_races.series_id IS 'The series; see core.series';
COMMENT ON COLUMN core.listed_races.season IS 'The season that the race counts for';
COMMENT ON COLUMN core.listed_races.race_number IS 'Its number among the points races of the season, NULL for an exhibition';
COMMENT ON COLUMN core.listed_races.race_date IS 'The day on which the race was finished, where the source has dates';
COMMENT ON COLUMN core.listed_races.race_name IS 'What the source calls it; never a key';
COMMENT ON COLUMN core.listed_races.track_id IS 'The venue, as the source has it; see core.tracks';
COMMENT ON COLUMN core.listed_races.track_name_at_the_time IS 'What the source calls the venue';
COMMENT ON COLUMN core.listed_races.winner_id IS 'The winner, where the source''s list of races names one; see core.drivers';
COMMENT ON COLUMN core.listed_races.document_id IS 'The document that has it; see ops.documents';
