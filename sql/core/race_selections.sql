-- Grain: race_id
-- Incremental: race_id
CREATE OR REPLACE TABLE core.race_selections AS
WITH preferences AS (
  -- One row a kind of source value; for a fact that it has no precedence for, it is not used.
  SELECT
    reading,
    core.preference(max(precedence) FILTER (WHERE fact = 'race_date'), TRUE) AS race_date,
    core.preference(max(precedence) FILTER (WHERE fact = 'race_name'), TRUE) AS race_name,
    core.preference(max(precedence) FILTER (WHERE fact = 'track_id'), TRUE) AS track_id,
    core.preference(max(precedence) FILTER (WHERE fact = 'winner_id'), TRUE) AS winner_id,
    core.preference(max(precedence) FILTER (WHERE fact = 'laps_completed'), TRUE) AS laps_completed,
    core.preference(max(precedence) FILTER (WHERE fact = 'lap_length_miles'), TRUE) AS lap_length_miles,
    core.preference(max(precedence) FILTER (WHERE fact = 'distance_miles'), TRUE) AS distance_miles,
    core.preference(max(precedence) FILTER (WHERE fact = 'race_time_seconds'), TRUE) AS race_time_seconds,
    core.preference(max(precedence) FILTER (WHERE fact = 'average_speed_mph'), TRUE) AS average_speed_mph,
    core.preference(max(precedence) FILTER (WHERE fact = 'pole_speed_mph'), TRUE) AS pole_speed_mph,
    core.preference(max(precedence) FILTER (WHERE fact = 'cautions'), TRUE) AS cautions,
    core.preference(max(precedence) FILTER (WHERE fact = 'caution_laps'), TRUE) AS caution_laps,
    core.preference(max(precedence) FILTER (WHERE fact = 'lead_changes'), TRUE) AS lead_changes,
    core.preference(max(precedence) FILTER (WHERE fact = 'leaders'), TRUE) AS leaders,
    core.preference(max(precedence) FILTER (WHERE fact = 'starters'), TRUE) AS starters,
    core.preference(max(precedence) FILTER (WHERE fact = 'awards_points'), TRUE) AS awards_points,
    core.preference(max(precedence) FILTER (WHERE fact = 'counts_as_official_win'), TRUE) AS counts_as_official_win,
    core.preference(max(precedence) FILTER (WHERE fact = 'race_type_id'), TRUE) AS race_type_id,
    core.preference(max(precedence) FILTER (WHERE fact = 'schedule'), TRUE) AS schedule
  FROM core.fact_precedence
  GROUP BY reading
),
implausible AS (
  SELECT
    race_id,
    reading,
    bool_or(fact = 'race_date') AS race_date,
    bool_or(fact = 'laps_completed') AS laps_completed,
    bool_or(fact = 'distance_miles') AS distance_miles,
    bool_or(fact = 'race_time_seconds') AS race_time_seconds,
    bool_or(fact = 'average_speed_mph') AS average_speed_mph,
    bool_or(fact = 'distance_miles' AND is_impossible) AS is_distance_impossible,
    bool_or(fact = 'race_time_seconds' AND is_impossible) AS is_time_impossible,
    bool_or(fact = 'average_speed_mph' AND is_impossible) AS is_speed_impossible,
    bool_or(fact = 'pole_speed_mph') AS is_pole_speed_impossible
  FROM core.implausible_race_values
  GROUP BY race_id, reading
),
stated AS (
  SELECT
    readings.* REPLACE (
      if(implausible.is_distance_impossible, NULL, readings.distance_miles) AS distance_miles,
      if(implausible.is_time_impossible, NULL, readings.race_time_seconds) AS race_time_seconds,
      if(implausible.is_speed_impossible, NULL, readings.average_speed_mph) AS average_speed_mph,
      if(implausible.is_pole_speed_impossible, NULL, readings.pole_speed_mph) AS pole_speed_mph
    ),
    core.preference(preferences.race_date, implausible.race_date IS NOT TRUE) AS race_date_preference,
    core.preference(preferences.laps_completed, implausible.laps_completed IS NOT TRUE) AS laps_completed_preference,
    core.preference(preferences.distance_miles, implausible.distance_miles IS NOT TRUE) AS distance_miles_preference,
    core.preference(preferences.race_time_seconds, implausible.race_time_seconds IS NOT TRUE) AS race_time_seconds_preference,
    core.preference(preferences.average_speed_mph, implausible.average_speed_mph IS NOT TRUE) AS average_speed_mph_preference
  FROM core.race_readings AS readings
  INNER JOIN preferences ON readings.reading = preferences.reading
  LEFT JOIN implausible ON readings.race_id = implausible.race_id AND readings.reading = implausible.reading
)
SELECT
  stated.race_id,
  arg_min(stated.race_date, stated.race_date_preference) AS race_date,
  arg_min(stated.race_name, preferences.race_name) AS race_name,
  arg_min(stated.track_id, preferences.track_id) AS track_id,
  arg_min(stated.winner_id, preferences.winner_id) AS winner_id,
  arg_min(stated.laps_completed, stated.laps_completed_preference) AS laps_completed,
  arg_min(stated.lap_length_miles, preferences.lap_length_miles) AS lap_length_miles,
  arg_min(stated.distance_miles, stated.distance_miles_preference) AS distance_miles,
  arg_min(stated.race_time_seconds, stated.race_time_seconds_preference) AS race_time_seconds,
  arg_min(stated.average_speed_mph, stated.average_speed_mph_preference) AS average_speed_mph,
  arg_min(stated.pole_speed_mph, preferences.pole_speed_mph) AS pole_speed_mph,
  arg_min(stated.cautions, preferences.cautions) AS cautions,
  arg_min(stated.caution_laps, preferences.caution_laps) AS caution_laps,
  arg_min(stated.lead_changes, preferences.lead_changes) AS lead_changes,
  arg_min(stated.leaders, preferences.leaders) AS leaders,
  arg_min(stated.starters, preferences.starters) AS starters,
  arg_min(stated.laps_scheduled, preferences.schedule) AS laps_scheduled,
  arg_min(stated.scheduled_distance_miles, preferences.schedule) AS scheduled_distance_miles,
  arg_min(stated.stage_1_laps, preferences.schedule) AS stage_1_laps,
  arg_min(stated.stage_2_laps, preferences.schedule) AS stage_2_laps,
  arg_min(stated.playoff_round, preferences.schedule) AS playoff_round,
  arg_min(stated.race_type_id, preferences.race_type_id) AS race_type_id,
  arg_min(stated.scheduled_date, preferences.schedule) AS scheduled_date,
  arg_min(stated.is_restrictor_plate, preferences.schedule) AS is_restrictor_plate,
  arg_min(stated.awards_points, preferences.awards_points) AS awards_points,
  arg_min(stated.counts_as_official_win, preferences.counts_as_official_win) AS counts_as_official_win,
  -- What the source of the venue calls it.
  arg_min(stated.track_name_at_the_time, preferences.track_id) AS track_name_at_the_time,
  arg_min(stated.track_key, preferences.track_id) AS track_key,
  arg_min(stated.source_id, preferences.track_id) AS track_source_id,
  min(stated.race_id_nascar_feed) AS race_id_nascar_feed,
  arg_min(stated.margin_missing_reason, preferences.race_name) AS margin_missing_reason,
  -- A race is of the source that names it best: it has the most facts of it.
  arg_min(stated.source_id, preferences.race_name) AS source_id,
  arg_min(stated.document_id, preferences.race_name) AS document_id,
  min(stated.race_date_preference) FILTER (WHERE stated.race_date IS NOT NULL) % 1000 AS race_date_precedence,
  min(preferences.race_name) FILTER (WHERE stated.race_name IS NOT NULL) % 1000 AS race_name_precedence,
  min(preferences.track_id) FILTER (WHERE stated.track_id IS NOT NULL) % 1000 AS track_id_precedence,
  min(preferences.winner_id) FILTER (WHERE stated.winner_id IS NOT NULL) % 1000 AS winner_id_precedence,
  min(stated.laps_completed_preference) FILTER (WHERE stated.laps_completed IS NOT NULL) % 1000 AS laps_completed_precedence,
  min(preferences.lap_length_miles) FILTER (WHERE stated.lap_length_miles IS NOT NULL) % 1000 AS lap_length_miles_precedence,
  min(stated.distance_miles_preference) FILTER (WHERE stated.distance_miles IS NOT NULL) % 1000 AS distance_miles_precedence,
  min(stated.race_time_seconds_preference) FILTER (WHERE stated.race_time_seconds IS NOT NULL) % 1000 AS race_time_seconds_precedence,
  min(stated.average_speed_mph_preference) FILTER (WHERE stated.average_speed_mph IS NOT NULL) % 1000 AS average_speed_mph_precedence,
  min(preferences.pole_speed_mph) FILTER (WHERE stated.pole_speed_mph IS NOT NULL) % 1000 AS pole_speed_mph_precedence,
  min(preferences.cautions) FILTER (WHERE stated.cautions IS NOT NULL) % 1000 AS cautions_precedence,
  min(preferences.caution_laps) FILTER (WHERE stated.caution_laps IS NOT NULL) % 1000 AS caution_laps_precedence,
  min(preferences.lead_changes) FILTER (WHERE stated.lead_changes IS NOT NULL) % 1000 AS lead_changes_precedence,
  min(preferences.leaders) FILTER (WHERE stated.leaders IS NOT NULL) % 1000 AS leaders_precedence,
  min(preferences.starters) FILTER (WHERE stated.starters IS NOT NULL) % 1000 AS starters_precedence,
  min(preferences.schedule) FILTER (WHERE stated.laps_scheduled IS NOT NULL) % 1000 AS laps_scheduled_precedence,
  min(preferences.schedule) FILTER (WHERE stated.scheduled_distance_miles IS NOT NULL) % 1000 AS scheduled_distance_miles_precedence,
  min(preferences.schedule) FILTER (WHERE stated.stage_1_laps IS NOT NULL) % 1000 AS stage_1_laps_precedence,
  min(preferences.schedule) FILTER (WHERE stated.stage_2_laps IS NOT NULL) % 1000 AS stage_2_laps_precedence,
  min(preferences.schedule) FILTER (WHERE stated.playoff_round IS NOT NULL) % 1000 AS playoff_round_precedence,
  min(preferences.race_type_id) FILTER (WHERE stated.race_type_id IS NOT NULL) % 1000 AS race_type_id_precedence
FROM stated
INNER JOIN preferences ON stated.reading = preferences.reading
GROUP BY stated.race_id;
COMMENT ON TABLE core.race_selections IS 'The selected value of each fact of each race, and which kind of source value it is: the one with that precedence';
COMMENT ON COLUMN core.race_selections.race_type_id IS 'The feeds number of the kind of race';
COMMENT ON COLUMN core.race_selections.is_restrictor_plate IS 'Whether a restrictor plate or its successor was prescribed';
COMMENT ON COLUMN core.race_selections.playoff_round IS 'Round of the playoffs, 0 before them';
COMMENT ON COLUMN core.race_selections.track_key IS 'The venues key in track_aliases.csv';
COMMENT ON COLUMN core.race_selections.track_source_id IS 'The source of the venue';
COMMENT ON COLUMN core.race_selections.race_id_nascar_feed IS 'The leagues own id of the race';
COMMENT ON COLUMN core.race_selections.margin_missing_reason IS 'Why the source of the race has no margin of it, where it has none of its season';
COMMENT ON COLUMN core.race_selections.source_id IS 'The source of the races name';
COMMENT ON COLUMN core.race_selections.document_id IS 'The document of the races name; see ops.documents';
COMMENT ON COLUMN core.race_selections.race_date_precedence IS 'Precedence of the selected race_date; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.race_name_precedence IS 'Precedence of the selected race_name; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.track_id_precedence IS 'Precedence of the selected track_id; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.winner_id_precedence IS 'Precedence of the selected winner_id; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.laps_completed_precedence IS 'Precedence of the selected laps_completed; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.lap_length_miles_precedence IS 'Precedence of the selected lap_length_miles; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.distance_miles_precedence IS 'Precedence of the selected distance_miles; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.race_time_seconds_precedence IS 'Precedence of the selected race_time_seconds; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.average_speed_mph_precedence IS 'Precedence of the selected average_speed_mph; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.pole_speed_mph_precedence IS 'Precedence of the selected pole_speed_mph; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.cautions_precedence IS 'Precedence of the selected cautions; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.caution_laps_precedence IS 'Precedence of the selected caution_laps; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.lead_changes_precedence IS 'Precedence of the selected lead_changes; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.leaders_precedence IS 'Precedence of the selected leaders; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.starters_precedence IS 'Precedence of the selected starters; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.laps_scheduled_precedence IS 'Precedence of the selected laps_scheduled; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.scheduled_distance_miles_precedence IS 'Precedence of the selected scheduled_distance_miles; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.stage_1_laps_precedence IS 'Precedence of the selected stage_1_laps; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.stage_2_laps_precedence IS 'Precedence of the selected stage_2_laps; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.playoff_round_precedence IS 'Precedence of the selected playoff_round; NULL where no source states it';
COMMENT ON COLUMN core.race_selections.race_type_id_precedence IS 'Precedence of the selected race_type_id; NULL where no source states it';
