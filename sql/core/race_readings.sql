-- Grain: race_id, reading
-- Incremental: race_id
CREATE OR REPLACE TABLE core.race_readings AS
WITH winners AS (
  SELECT
    results.race_id,
    results.laps_completed,
    results.source_id,
    results.document_id
  FROM core.result_readings AS results
  INNER JOIN core.fact_precedence AS ranks ON ranks.fact = 'finish_position' AND results.reading = ranks.reading
  WHERE results.finish_position = 1 AND results.entry_key IS NOT NULL AND results.laps_completed > 0
  QUALIFY row_number() OVER (PARTITION BY results.race_id ORDER BY ranks.precedence, results.entry_key) = 1
)
SELECT
  ids.race_id,
  stated.reading,
  stated.race_date,
  stated.stated_weekday,
  stated.scheduled_date,
  stated.race_name,
  if(stated.track_name IS NULL, NULL, ids.track_id) AS track_id,
  stated.track_name AS track_name_at_the_time,
  stated.track_key,
  if(stated.winner_name IS NULL, NULL, ids.winner_id) AS winner_id,
  stated.laps_scheduled,
  stated.laps_completed,
  stated.lap_length_miles,
  stated.scheduled_distance_miles,
  stated.distance_miles,
  stated.race_time_seconds,
  stated.average_speed_mph,
  stated.pole_speed_mph,
  stated.cautions,
  stated.caution_laps,
  stated.lead_changes,
  stated.leaders,
  stated.starters,
  stated.stage_1_laps,
  stated.stage_2_laps,
  stated.playoff_round,
  stated.is_restrictor_plate,
  stated.race_type_id,
  stated.awards_points,
  stated.counts_as_official_win,
  stated.margin_missing_reason,
  stated.race_id_nascar_feed,
  stated.source_id,
  stated.document_id
FROM staging.source_races AS stated
INNER JOIN core.source_races AS ids ON stated.source_id = ids.source_id AND stated.race_key = ids.race_key
UNION ALL BY NAME
SELECT
  race_id,
  'results' AS reading,
  laps_completed,
  source_id,
  document_id
FROM winners;
COMMENT ON TABLE core.race_readings IS 'The source values of each race; core.races has the selected ones';
COMMENT ON COLUMN core.race_readings.reading IS 'Where it was read: a kind of document, results for the laps of the winner, or date_correction and name_correction, found by hand';
COMMENT ON COLUMN core.race_readings.stated_weekday IS 'The day of the week that the source names beside the date, where it names one';
COMMENT ON COLUMN core.race_readings.track_key IS 'The source''s own id of the venue or its layout';
COMMENT ON COLUMN core.race_readings.winner_id IS 'The winner, where a list of races names one; see core.drivers';
COMMENT ON COLUMN core.race_readings.laps_completed IS 'Laps that were run';
COMMENT ON COLUMN core.race_readings.playoff_round IS 'Round of the playoffs, 0 before them';
COMMENT ON COLUMN core.race_readings.is_restrictor_plate IS 'Whether engines were restricted by a plate';
COMMENT ON COLUMN core.race_readings.race_type_id IS 'The feed''s number of the kind of race';
COMMENT ON COLUMN core.race_readings.race_id_nascar_feed IS 'The league''s own id of the race';
COMMENT ON COLUMN core.race_readings.awards_points IS 'Whether the race gave championship points, where a source states it';
COMMENT ON COLUMN core.race_readings.counts_as_official_win IS 'Whether the winner is credited with an official win, where a source states it';
COMMENT ON COLUMN core.race_readings.margin_missing_reason IS 'Why the source has no margin of the race, where it has none of its season';
