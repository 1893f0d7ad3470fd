-- Grain: race_key
CREATE OR REPLACE VIEW staging.nascar_feed__schedules AS
WITH cars AS (
  SELECT
    race_id_nascar_feed,
    bool_or(finish_position = 1) AS has_first_place,
    min(driver_name) FILTER (WHERE finish_position = 1) AS winner,
    bool_or(laps_completed > 0) AS has_laps,
    count(*) AS entries
  FROM staging.nascar_feed_results
  GROUP BY race_id_nascar_feed
),
races AS (
  SELECT
    coalesce(weekend.race_id_nascar_feed, listed.race_id_nascar_feed) AS race_id_nascar_feed,
    -- The index says first that a race is one of another series.
    coalesce(listed.series_id, weekend.series_id) AS series_id,
    coalesce(weekend.season, listed.season)::INTEGER AS season,
    coalesce(listed.race_type_id, weekend.race_type_id) AS race_type_id,
    -- The weekend feed often keeps the day a race was scheduled for; the index has the day it was run.
    coalesce(corrections.race_date::DATE, listed.race_date, weekend.race_date) AS race_date,
    coalesce(listed.scheduled_date, weekend.scheduled_date) AS scheduled_date,
    coalesce(weekend.race_name, listed.race_name) AS race_name,
    coalesce(listed.track_id_nascar_feed, weekend.track_id_nascar_feed) AS track_id_nascar_feed,
    coalesce(listed.track_name, weekend.track_name) AS track_name,
    coalesce(listed.winner_id_nascar_feed > 0, FALSE) AS has_winner,
    coalesce(listed.is_run, FALSE) OR coalesce(weekend.is_run, FALSE) AS has_race_time,
    coalesce(weekend.is_inspected, listed.is_inspected, FALSE) AS is_inspected,
    listed.race_id_nascar_feed IS NOT NULL AS is_in_index,
    coalesce(weekend.document_id, listed.document_id) AS document_id
  FROM staging.nascar_feed_races AS listed
  FULL JOIN staging.nascar_feed_weekends AS weekend ON listed.race_id_nascar_feed = weekend.race_id_nascar_feed
  LEFT JOIN seeds.race_date_corrections AS corrections
    ON
      corrections.source_id = 'nascar_feed'
      AND corrections.race_key = coalesce(weekend.race_id_nascar_feed, listed.race_id_nascar_feed)::VARCHAR
),
known AS (
  SELECT
    races.*,
    cars.entries,
    cars.winner,
    coalesce(cars.has_first_place, FALSE) AS has_first_place,
    coalesce(cars.has_laps, FALSE) AS has_laps,
    -- A season without its index lacks no race.
    races.is_in_index OR NOT bool_or(races.is_in_index) OVER (PARTITION BY races.season) AS is_listed
  FROM races
  LEFT JOIN cars ON races.race_id_nascar_feed = cars.race_id_nascar_feed
),
replaced AS (
  -- A race that was run and that the index has under another id by now, or had: a second feed of it is no second race.
  SELECT DISTINCT unlisted.race_id_nascar_feed
  FROM known AS unlisted
  INNER JOIN known AS listed
    ON
      unlisted.series_id = listed.series_id
      AND unlisted.season = listed.season
      AND unlisted.race_type_id = listed.race_type_id
      AND unlisted.track_id_nascar_feed = listed.track_id_nascar_feed
      AND unlisted.winner = listed.winner
      AND (unlisted.race_date = listed.race_date OR unlisted.scheduled_date = listed.scheduled_date)
  WHERE NOT unlisted.is_in_index AND listed.is_in_index
),
stated AS (
  SELECT
    known.*,
    types.is_points_race::BOOLEAN AS is_points_race,
    staging.race_state(
      known.has_first_place,
      known.has_winner,
      known.has_race_time,
      known.is_inspected,
      known.has_laps,
      known.is_listed,
      known.scheduled_date,
      known.race_date,
      known.entries > 0
    ) AS state
  FROM known
  INNER JOIN seeds.race_types AS types ON types.race_type_id = known.race_type_id::VARCHAR
  ANTI JOIN replaced ON known.race_id_nascar_feed = replaced.race_id_nascar_feed
),
numbered AS (
  -- The feed has no numbers. They follow the scheduled days, which are in the order of the days in every finished season:
  -- a race day that is corrected, or a postponement, moves no number. Races to come are counted, so that one whose
  -- result comes late does not move those after it.
  SELECT
    stated.*,
    row_number() OVER (
      PARTITION BY stated.series_id, stated.season, stated.is_points_race, stated.state = 'cancelled'
      ORDER BY coalesce(stated.scheduled_date, stated.race_date), stated.race_date, stated.race_id_nascar_feed
    )::INTEGER AS number_of_its_kind
  FROM stated
)
SELECT
  race_id_nascar_feed::VARCHAR AS race_key,
  series_id,
  season,
  if(is_points_race AND state <> 'cancelled', number_of_its_kind, NULL) AS race_number,
  if(NOT is_points_race AND state <> 'cancelled', number_of_its_kind, NULL) AS exhibition_number,
  state,
  scheduled_date,
  race_date,
  race_name,
  track_id_nascar_feed::VARCHAR AS track_key,
  track_name,
  entries::INTEGER AS entries,
  document_id
FROM numbered;
COMMENT ON VIEW staging.nascar_feed__schedules IS 'The races of the feed in the form of staging.source_schedules: those of the season''s index, and weekend feeds';
