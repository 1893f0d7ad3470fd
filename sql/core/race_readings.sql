-- Grain: race_id, reading
CREATE OR REPLACE TABLE core.race_readings AS
WITH winners AS (
  SELECT
    results.race_id,
    results.laps_completed,
    results.source_id,
    results.document_id
  FROM core.result_readings AS results
  INNER JOIN seeds.fact_precedence AS ranks ON ranks.fact = 'finish_position' AND results.reading = ranks.reading
  WHERE results.finish_position = 1 AND results.entry_key IS NOT NULL AND results.laps_completed > 0
  QUALIFY row_number() OVER (PARTITION BY results.race_id ORDER BY ranks.precedence::INTEGER) = 1
)
SELECT
  ids.race_id,
  'weekend_feed' AS reading,
  weekend.race_date,
  weekend.scheduled_date,
  weekend.race_name,
  ids.track_id,
  weekend.track_name AS track_name_at_the_time,
  weekend.track_id_nascar_feed::VARCHAR AS track_key,
  NULL AS winner_id,
  weekend.laps_scheduled::INTEGER AS laps_scheduled,
  weekend.laps_completed::INTEGER AS laps_completed,
  NULL::DECIMAL(7, 3) AS lap_length_miles,
  weekend.scheduled_distance_miles,
  weekend.distance_miles,
  weekend.race_time_seconds,
  weekend.average_speed_mph,
  weekend.pole_speed_mph,
  weekend.cautions::INTEGER AS cautions,
  weekend.caution_laps::INTEGER AS caution_laps,
  weekend.lead_changes::INTEGER AS lead_changes,
  weekend.leaders::INTEGER AS leaders,
  weekend.starters::INTEGER AS starters,
  weekend.stage_1_laps::INTEGER AS stage_1_laps,
  weekend.stage_2_laps::INTEGER AS stage_2_laps,
  weekend.playoff_round::INTEGER AS playoff_round,
  weekend.is_restrictor_plate,
  weekend.race_type_id::INTEGER AS race_type_id,
  weekend.race_id_nascar_feed,
  'nascar_feed' AS source_id,
  weekend.document_id
FROM staging.nascar_feed_weekends AS weekend
INNER JOIN core.source_races AS ids
  ON ids.source_id = 'nascar_feed' AND weekend.race_id_nascar_feed::VARCHAR = ids.race_key
UNION ALL BY NAME
SELECT
  ids.race_id,
  'season_index' AS reading,
  listed.race_date,
  listed.scheduled_date,
  listed.race_name,
  ids.track_id,
  listed.track_name AS track_name_at_the_time,
  listed.track_id_nascar_feed::VARCHAR AS track_key,
  listed.laps_scheduled::INTEGER AS laps_scheduled,
  listed.laps_completed::INTEGER AS laps_completed,
  listed.scheduled_distance_miles,
  listed.distance_miles,
  listed.race_time_seconds,
  listed.average_speed_mph,
  listed.pole_speed_mph,
  listed.cautions::INTEGER AS cautions,
  listed.caution_laps::INTEGER AS caution_laps,
  listed.lead_changes::INTEGER AS lead_changes,
  listed.leaders::INTEGER AS leaders,
  listed.starters::INTEGER AS starters,
  listed.stage_1_laps::INTEGER AS stage_1_laps,
  listed.stage_2_laps::INTEGER AS stage_2_laps,
  listed.playoff_round::INTEGER AS playoff_round,
  listed.is_restrictor_plate,
  listed.race_type_id::INTEGER AS race_type_id,
  listed.race_id_nascar_feed,
  'nascar_feed' AS source_id,
  listed.document_id
FROM staging.nascar_feed_races AS listed
INNER JOIN core.source_races AS ids
  ON ids.source_id = 'nascar_feed' AND listed.race_id_nascar_feed::VARCHAR = ids.race_key
UNION ALL BY NAME
SELECT
  ids.race_id,
  'racing_data' AS reading,
  listed.race_date,
  listed.race_name,
  ids.track_id,
  listed.track_name AS track_name_at_the_time,
  listed.track_key,
  ids.winner_id,
  listed.lap_length_miles,
  listed.distance_miles,
  listed.average_speed_mph,
  listed.pole_speed_mph,
  listed.cautions,
  listed.lead_changes,
  listed.starters,
  'racing_data' AS source_id,
  listed.document_id
FROM staging.racing_data_races AS listed
INNER JOIN core.source_races AS ids ON ids.source_id = 'racing_data' AND listed.race_key = ids.race_key
UNION ALL BY NAME
SELECT
  ids.race_id,
  'nascar_results' AS reading,
  ids.race_name,
  ids.track_id,
  ids.track_name_at_the_time,
  ids.track_name_at_the_time AS track_key,
  ids.winner_id,
  any_value(results.lap_length_miles) AS lap_length_miles,
  'nascar_results' AS source_id,
  ids.document_id
FROM core.source_races AS ids
INNER JOIN staging.nascar_results_results AS results ON ids.race_key = results.race_key AND results.finish_position = 1
WHERE ids.source_id = 'nascar_results'
GROUP BY ALL
UNION ALL BY NAME
SELECT
  finishes.race_id,
  'almanac' AS reading,
  finishes.race_date,
  finishes.race_name,
  ids.track_id,
  finishes.track_name AS track_name_at_the_time,
  finishes.track_name AS track_key,
  ids.winner_id,
  finishes.laps_completed,
  finishes.average_speed_mph,
  finishes.pole_speed_mph,
  'almanac' AS source_id,
  finishes.document_id
FROM staging.almanac_finishes AS finishes
INNER JOIN core.source_races AS ids ON ids.source_id = 'almanac' AND finishes.race_id = ids.race_key
UNION ALL BY NAME
SELECT
  ids.race_id,
  'racing_reference_page' AS reading,
  pages.race_date,
  pages.race_name,
  ids.track_id,
  pages.track_name AS track_name_at_the_time,
  pages.track_name AS track_key,
  pages.laps_completed,
  pages.lap_length_miles,
  pages.distance_miles,
  pages.race_time_seconds,
  pages.average_speed_mph,
  pages.pole_speed_mph,
  pages.cautions,
  pages.caution_laps,
  pages.lead_changes,
  'racing_reference_pages' AS source_id,
  pages.document_id
FROM staging.racing_reference_pages AS pages
INNER JOIN core.source_races AS ids
  ON ids.source_id = 'racing_reference_pages' AND pages.document_id = ids.document_id
UNION ALL BY NAME
SELECT
  race_id,
  'wikipedia' AS reading,
  race_date,
  race_name,
  track_id,
  track_name_at_the_time,
  track_name_at_the_time AS track_key,
  winner_id,
  'wikipedia' AS source_id,
  document_id
FROM core.source_races
WHERE source_id = 'wikipedia'
UNION ALL BY NAME
SELECT
  race_id,
  'results' AS reading,
  laps_completed,
  source_id,
  document_id
FROM winners
UNION ALL BY NAME
SELECT
  ids.race_id,
  'date_correction' AS reading,
  corrections.race_date::DATE AS race_date,
  corrections.source_id,
  ids.document_id
FROM seeds.race_date_corrections AS corrections
INNER JOIN core.source_races AS ids ON corrections.source_id = ids.source_id AND corrections.race_key = ids.race_key;
COMMENT ON TABLE core.race_readings IS 'What each source says of each race; core.races has what is believed';
COMMENT ON COLUMN core.race_readings.race_id IS 'The race; see core.races';
COMMENT ON COLUMN core.race_readings.reading IS 'Where it was read: a kind of document, results for the laps of the winner, or date_correction for a day that a person found';
COMMENT ON COLUMN core.race_readings.race_date IS 'The day of the race';
COMMENT ON COLUMN core.race_readings.scheduled_date IS 'The day it was scheduled for';
COMMENT ON COLUMN core.race_readings.race_name IS 'What it is called';
COMMENT ON COLUMN core.race_readings.track_id IS 'The venue; see core.tracks';
COMMENT ON COLUMN core.race_readings.track_name_at_the_time IS 'What the source calls the venue';
COMMENT ON COLUMN core.race_readings.track_key IS 'The source''s own id of the venue or its layout';
COMMENT ON COLUMN core.race_readings.winner_id IS 'The winner, where a list of races names one; see core.drivers';
COMMENT ON COLUMN core.race_readings.laps_scheduled IS 'Laps that were scheduled';
COMMENT ON COLUMN core.race_readings.laps_completed IS 'Laps that were run';
COMMENT ON COLUMN core.race_readings.lap_length_miles IS 'Length of a lap in miles';
COMMENT ON COLUMN core.race_readings.scheduled_distance_miles IS 'Scheduled distance in miles';
COMMENT ON COLUMN core.race_readings.distance_miles IS 'Distance run in miles';
COMMENT ON COLUMN core.race_readings.race_time_seconds IS 'Time of the race in seconds';
COMMENT ON COLUMN core.race_readings.average_speed_mph IS 'Average speed of the winner in miles an hour';
COMMENT ON COLUMN core.race_readings.pole_speed_mph IS 'Speed of the pole in miles an hour';
COMMENT ON COLUMN core.race_readings.cautions IS 'Caution periods';
COMMENT ON COLUMN core.race_readings.caution_laps IS 'Laps under caution';
COMMENT ON COLUMN core.race_readings.lead_changes IS 'Changes of the lead';
COMMENT ON COLUMN core.race_readings.leaders IS 'Cars that led';
COMMENT ON COLUMN core.race_readings.starters IS 'Cars in the field';
COMMENT ON COLUMN core.race_readings.stage_1_laps IS 'Laps of the first stage';
COMMENT ON COLUMN core.race_readings.stage_2_laps IS 'Laps of the second stage';
COMMENT ON COLUMN core.race_readings.playoff_round IS 'Round of the playoffs, 0 before them';
COMMENT ON COLUMN core.race_readings.is_restrictor_plate IS 'Whether engines were restricted by a plate';
COMMENT ON COLUMN core.race_readings.race_type_id IS 'The feed''s number of the kind of race';
COMMENT ON COLUMN core.race_readings.race_id_nascar_feed IS 'The league''s own id of the race';
COMMENT ON COLUMN core.race_readings.source_id IS 'The source';
COMMENT ON COLUMN core.race_readings.document_id IS 'The document; see ops.documents';
