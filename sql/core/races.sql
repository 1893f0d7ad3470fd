-- Grain: one row per race that was run
CREATE OR REPLACE TABLE core.races AS
WITH winners AS (
  SELECT race_id_nascar_feed, max(laps_completed) AS laps_completed
  FROM staging.nascar_feed_results
  WHERE finish_position = 1
  GROUP BY race_id_nascar_feed
),
feed AS (
  SELECT
    ids.race_id,
    ids.series_id,
    ids.season,
    ids.race_number,
    ids.race_date,
    ids.race_name,
    coalesce(weekend.scheduled_date, listed.scheduled_date) AS scheduled_date,
    coalesce(weekend.race_type_id, listed.race_type_id) AS race_type_id,
    coalesce(weekend.track_id_nascar_feed, listed.track_id_nascar_feed)::VARCHAR AS track_key,
    coalesce(weekend.track_name, listed.track_name) AS track_name_at_the_time,
    coalesce(weekend.laps_scheduled, listed.laps_scheduled) AS laps_scheduled,
    -- Of two counts, that of the winner's laps.
    coalesce(
      if(listed.laps_completed = winners.laps_completed, listed.laps_completed, NULL),
      weekend.laps_completed,
      listed.laps_completed
    ) AS laps_completed,
    coalesce(weekend.scheduled_distance_miles, listed.scheduled_distance_miles) AS scheduled_distance_miles,
    coalesce(weekend.distance_miles, listed.distance_miles) AS distance_miles,
    coalesce(weekend.race_time_seconds, listed.race_time_seconds) AS race_time_seconds,
    coalesce(weekend.average_speed_mph, listed.average_speed_mph) AS average_speed_mph,
    coalesce(weekend.pole_speed_mph, listed.pole_speed_mph) AS pole_speed_mph,
    coalesce(weekend.cautions, listed.cautions) AS cautions,
    coalesce(weekend.caution_laps, listed.caution_laps) AS caution_laps,
    coalesce(weekend.lead_changes, listed.lead_changes) AS lead_changes,
    coalesce(weekend.leaders, listed.leaders) AS leaders,
    coalesce(weekend.starters, listed.starters) AS starters,
    coalesce(weekend.stage_1_laps, listed.stage_1_laps) AS stage_1_laps,
    coalesce(weekend.stage_2_laps, listed.stage_2_laps) AS stage_2_laps,
    coalesce(weekend.playoff_round, listed.playoff_round) AS playoff_round,
    coalesce(weekend.is_restrictor_plate, listed.is_restrictor_plate) AS is_restrictor_plate,
    ids.race_key::BIGINT AS race_id_nascar_feed,
    ids.source_id,
    ids.document_id
  FROM core.source_races AS ids
  LEFT JOIN staging.nascar_feed_races AS listed ON ids.race_key = listed.race_id_nascar_feed::VARCHAR
  LEFT JOIN staging.nascar_feed_weekends AS weekend ON ids.race_key = weekend.race_id_nascar_feed::VARCHAR
  LEFT JOIN winners ON ids.race_key = winners.race_id_nascar_feed::VARCHAR
  WHERE ids.source_id = 'nascar_feed'
),
exceptions AS (
  SELECT
    feed.race_id,
    any_value(rules.awards_points::BOOLEAN) AS awards_points,
    any_value(rules.counts_as_official_win::BOOLEAN) AS counts_as_official_win
  FROM feed
  INNER JOIN seeds.race_type_exceptions AS rules
    ON
      feed.series_id = rules.series_id
      AND feed.race_number IS NULL
      AND contains(lower(feed.race_name), lower(rules.race_name_contains))
      AND feed.season BETWEEN rules.first_season::INTEGER AND coalesce(rules.last_season::INTEGER, 9999)
  GROUP BY feed.race_id
)
SELECT
  feed.race_id,
  feed.series_id,
  feed.season,
  feed.race_number,
  feed.race_date,
  feed.scheduled_date,
  feed.race_name,
  coalesce(aliases.track_id, staging.slug(feed.track_name_at_the_time)) AS track_id,
  feed.track_name_at_the_time,
  aliases.layout AS track_layout,
  coalesce(exceptions.awards_points, feed.race_number IS NOT NULL) AS awards_points,
  coalesce(exceptions.counts_as_official_win, feed.race_number IS NOT NULL) AS counts_as_official_win,
  feed.laps_scheduled::INTEGER AS laps_scheduled,
  feed.laps_completed::INTEGER AS laps_completed,
  feed.scheduled_distance_miles,
  feed.distance_miles,
  feed.race_time_seconds,
  feed.average_speed_mph,
  feed.pole_speed_mph,
  feed.cautions::INTEGER AS cautions,
  feed.caution_laps::INTEGER AS caution_laps,
  feed.lead_changes::INTEGER AS lead_changes,
  feed.leaders::INTEGER AS leaders,
  feed.starters::INTEGER AS starters,
  feed.stage_1_laps::INTEGER AS stage_1_laps,
  feed.stage_2_laps::INTEGER AS stage_2_laps,
  feed.playoff_round::INTEGER AS playoff_round,
  feed.is_restrictor_plate,
  feed.race_id_nascar_feed,
  feed.source_id,
  feed.document_id
FROM feed
LEFT JOIN seeds.track_aliases AS aliases ON aliases.source_id = 'nascar_feed' AND feed.track_key = aliases.track_key
LEFT JOIN exceptions ON feed.race_id = exceptions.race_id
UNION ALL BY NAME
SELECT
  finishes.race_id,
  finishes.series_id,
  finishes.season,
  finishes.race_number,
  finishes.race_date,
  finishes.race_name,
  coalesce(aliases.track_id, staging.slug(finishes.track_name)) AS track_id,
  finishes.track_name AS track_name_at_the_time,
  aliases.layout AS track_layout,
  finishes.awards_points,
  finishes.counts_as_official_win,
  finishes.laps_completed,
  finishes.average_speed_mph,
  finishes.pole_speed_mph,
  'almanac' AS source_id,
  finishes.document_id
FROM staging.almanac_finishes AS finishes
LEFT JOIN seeds.track_aliases AS aliases ON aliases.source_id = 'almanac' AND finishes.track_name = aliases.track_key
ANTI JOIN feed ON finishes.race_id = feed.race_id;
COMMENT ON TABLE core.races IS 'Every race that was run, as far as a source that was ingested has it';
COMMENT ON COLUMN core.races.race_id IS 'Our id: series, season, number among the points races of that season; x and a number for exhibitions';
COMMENT ON COLUMN core.races.series_id IS 'The series; see core.series';
COMMENT ON COLUMN core.races.season IS 'The season that the race counts for, which is not always the calendar year';
COMMENT ON COLUMN core.races.race_number IS 'Its number among the points races of the season, NULL for an exhibition';
COMMENT ON COLUMN core.races.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN core.races.scheduled_date IS 'The day for which it was last scheduled, NULL when no source says';
COMMENT ON COLUMN core.races.race_name IS 'The name, which changes with the sponsor and may repeat within a season; never a key';
COMMENT ON COLUMN core.races.track_id IS 'The venue; see core.tracks';
COMMENT ON COLUMN core.races.track_name_at_the_time IS 'What the venue was called';
COMMENT ON COLUMN core.races.track_layout IS 'Which of the venue''s layouts: oval, road course, street course, dirt';
COMMENT ON COLUMN core.races.awards_points IS 'Whether the race gave championship points';
COMMENT ON COLUMN core.races.counts_as_official_win IS 'Whether the winner is credited with an official win; the Daytona qualifying races from 2017 give points and no win';
COMMENT ON COLUMN core.races.laps_scheduled IS 'Laps that the race was last scheduled for';
COMMENT ON COLUMN core.races.laps_completed IS 'Laps that the winner completed';
COMMENT ON COLUMN core.races.scheduled_distance_miles IS 'Miles that the race was last scheduled for';
COMMENT ON COLUMN core.races.distance_miles IS 'Miles that the winner completed';
COMMENT ON COLUMN core.races.race_time_seconds IS 'Time of the race in seconds';
COMMENT ON COLUMN core.races.average_speed_mph IS 'Average speed of the winner in miles an hour, cautions included';
COMMENT ON COLUMN core.races.pole_speed_mph IS 'Speed of the fastest qualifier in miles an hour, NULL without timed qualifying';
COMMENT ON COLUMN core.races.cautions IS 'Caution periods';
COMMENT ON COLUMN core.races.caution_laps IS 'Laps under caution';
COMMENT ON COLUMN core.races.lead_changes IS 'Changes of the leader at the line, as the source counts them';
COMMENT ON COLUMN core.races.leaders IS 'Drivers who led a lap';
COMMENT ON COLUMN core.races.starters IS 'Cars that started';
COMMENT ON COLUMN core.races.stage_1_laps IS 'Laps of the first stage, NULL without stages';
COMMENT ON COLUMN core.races.stage_2_laps IS 'Laps of the second stage';
COMMENT ON COLUMN core.races.playoff_round IS '0 in the regular season, then the round of the playoffs; NULL where unknown';
COMMENT ON COLUMN core.races.is_restrictor_plate IS 'Whether a restrictor plate or its successor was prescribed';
COMMENT ON COLUMN core.races.race_id_nascar_feed IS 'The league''s own id';
COMMENT ON COLUMN core.races.source_id IS 'The source of the row';
COMMENT ON COLUMN core.races.document_id IS 'The document of the row; see ops.documents';
