-- Grain: source_id, race_key, reading
-- Incremental: source_id, race_key
-- The columns of every staging.<source>__races, which the build adds to this declaration; one that a source leaves out is NULL.
-- A table, since several relations read it. A race that was run has a row for each kind of source value (reading) in which the source states facts of it.
CREATE OR REPLACE TABLE staging.source_races AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::VARCHAR AS reading,
  NULL::VARCHAR AS series_id,
  NULL::INTEGER AS season,
  NULL::INTEGER AS race_number,
  NULL::INTEGER AS exhibition_number,
  NULL::BOOLEAN AS is_keyed_by_our_ids,
  NULL::DATE AS race_date,
  NULL::VARCHAR AS stated_weekday,
  NULL::DATE AS scheduled_date,
  NULL::VARCHAR AS race_name,
  NULL::VARCHAR AS track_key,
  NULL::VARCHAR AS track_name,
  NULL::VARCHAR AS winner_name,
  NULL::VARCHAR AS winner_name_in_results,
  NULL::INTEGER AS laps_scheduled,
  NULL::INTEGER AS laps_completed,
  NULL::DECIMAL(9, 3) AS lap_length_miles,
  NULL::DECIMAL(9, 3) AS scheduled_distance_miles,
  NULL::DECIMAL(9, 3) AS distance_miles,
  NULL::INTEGER AS race_time_seconds,
  NULL::DECIMAL(7, 3) AS average_speed_mph,
  NULL::DECIMAL(7, 3) AS pole_speed_mph,
  NULL::INTEGER AS cautions,
  NULL::INTEGER AS caution_laps,
  NULL::INTEGER AS lead_changes,
  NULL::INTEGER AS leaders,
  NULL::INTEGER AS starters,
  NULL::INTEGER AS stage_1_laps,
  NULL::INTEGER AS stage_2_laps,
  NULL::INTEGER AS playoff_round,
  NULL::BOOLEAN AS is_restrictor_plate,
  NULL::INTEGER AS race_type_id,
  NULL::BOOLEAN AS awards_points,
  NULL::BOOLEAN AS counts_as_official_win,
  NULL::VARCHAR AS margin_missing_reason,
  NULL::BIGINT AS race_id_nascar_feed,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON TABLE staging.source_races IS 'What each source states about each race, one form for all';
COMMENT ON COLUMN staging.source_races.stated_weekday IS 'The day of the week that the source names beside the date, such as Sunday';
COMMENT ON COLUMN staging.source_races.reading IS 'The kind of source value, which fact_precedence.csv ranks; kinds of two sources have different names';
COMMENT ON COLUMN staging.source_races.series_id IS 'The series: cup, nxs or truck; the same in each row of a race';
COMMENT ON COLUMN staging.source_races.season IS 'The season that the race counts for; the same in each row of a race';
COMMENT ON COLUMN staging.source_races.race_number IS 'Its number among the points races of the season, as far as the source numbers them; the same in each row of a race';
COMMENT ON COLUMN staging.source_races.exhibition_number IS 'Its number among the exhibitions of the season; NULL for a points race';
COMMENT ON COLUMN staging.source_races.is_keyed_by_our_ids IS 'Whether race_key is our race_id, so that the race is not matched by number, venue and winner';
COMMENT ON COLUMN staging.source_races.race_name IS 'What the source calls the race';
COMMENT ON COLUMN staging.source_races.track_key IS 'The source''s id or name of the venue, as in track_aliases.csv';
COMMENT ON COLUMN staging.source_races.track_name IS 'What the source calls the venue';
COMMENT ON COLUMN staging.source_races.winner_name IS 'The winner, as the source states him for the race';
COMMENT ON COLUMN staging.source_races.winner_name_in_results IS 'The winner by the source''s results, which says which race it is and is no source value of the race';
COMMENT ON COLUMN staging.source_races.laps_completed IS 'Laps that the winner completed';
COMMENT ON COLUMN staging.source_races.playoff_round IS 'Round of the playoffs, 0 before them';
COMMENT ON COLUMN staging.source_races.is_restrictor_plate IS 'Whether a restrictor plate or its successor was prescribed';
COMMENT ON COLUMN staging.source_races.race_type_id IS 'The kind of race, as in race_types.csv';
COMMENT ON COLUMN staging.source_races.counts_as_official_win IS 'Whether the winner is credited with an official win';
COMMENT ON COLUMN staging.source_races.margin_missing_reason IS 'Why the source has no margin of the race, where it has none of its season';
COMMENT ON COLUMN staging.source_races.race_id_nascar_feed IS 'The league''s own id of the race';
