-- Grain: race_id
CREATE OR REPLACE TABLE core.races AS
WITH ranks AS (
  -- The declared precedence as one row a reading; a reading without a rank for a fact is not used for it.
  SELECT
    reading,
    max(precedence::INTEGER) FILTER (WHERE fact = 'race_date') AS race_date,
    max(precedence::INTEGER) FILTER (WHERE fact = 'race_name') AS race_name,
    max(precedence::INTEGER) FILTER (WHERE fact = 'track_id') AS track_id,
    max(precedence::INTEGER) FILTER (WHERE fact = 'laps_completed') AS laps_completed,
    max(precedence::INTEGER) FILTER (WHERE fact = 'lap_length_miles') AS lap_length_miles,
    max(precedence::INTEGER) FILTER (WHERE fact = 'distance_miles') AS distance_miles,
    max(precedence::INTEGER) FILTER (WHERE fact = 'race_time_seconds') AS race_time_seconds,
    max(precedence::INTEGER) FILTER (WHERE fact = 'average_speed_mph') AS average_speed_mph,
    max(precedence::INTEGER) FILTER (WHERE fact = 'pole_speed_mph') AS pole_speed_mph,
    max(precedence::INTEGER) FILTER (WHERE fact = 'cautions') AS cautions,
    max(precedence::INTEGER) FILTER (WHERE fact = 'caution_laps') AS caution_laps,
    max(precedence::INTEGER) FILTER (WHERE fact = 'lead_changes') AS lead_changes,
    max(precedence::INTEGER) FILTER (WHERE fact = 'leaders') AS leaders,
    max(precedence::INTEGER) FILTER (WHERE fact = 'starters') AS starters,
    max(precedence::INTEGER) FILTER (WHERE fact = 'schedule') AS schedule
  FROM seeds.fact_precedence
  GROUP BY reading
),
believed AS (
  SELECT
    readings.race_id,
    arg_min(readings.race_date, ranks.race_date) AS race_date,
    arg_min(readings.scheduled_date, ranks.schedule) AS scheduled_date,
    arg_min(readings.race_name, ranks.race_name) AS race_name,
    arg_min(readings.track_id, ranks.track_id) AS track_id,
    arg_min(readings.track_name_at_the_time, ranks.track_id) AS track_name_at_the_time,
    arg_min(readings.track_key, ranks.track_id) AS track_key,
    arg_min(readings.source_id, ranks.track_id) AS track_source_id,
    arg_min(readings.laps_scheduled, ranks.schedule) AS laps_scheduled,
    arg_min(readings.laps_completed, ranks.laps_completed) AS laps_completed,
    arg_min(readings.lap_length_miles, ranks.lap_length_miles) AS lap_length_miles,
    arg_min(readings.scheduled_distance_miles, ranks.schedule) AS scheduled_distance_miles,
    arg_min(readings.distance_miles, ranks.distance_miles) AS distance_miles,
    arg_min(readings.race_time_seconds, ranks.race_time_seconds) AS race_time_seconds,
    arg_min(readings.average_speed_mph, ranks.average_speed_mph) AS average_speed_mph,
    arg_min(readings.pole_speed_mph, ranks.pole_speed_mph) AS pole_speed_mph,
    arg_min(readings.cautions, ranks.cautions) AS cautions,
    arg_min(readings.caution_laps, ranks.caution_laps) AS caution_laps,
    arg_min(readings.lead_changes, ranks.lead_changes) AS lead_changes,
    arg_min(readings.leaders, ranks.leaders) AS leaders,
    arg_min(readings.starters, ranks.starters) AS starters,
    arg_min(readings.stage_1_laps, ranks.schedule) AS stage_1_laps,
    arg_min(readings.stage_2_laps, ranks.schedule) AS stage_2_laps,
    arg_min(readings.playoff_round, ranks.schedule) AS playoff_round,
    arg_min(readings.is_restrictor_plate, ranks.schedule) AS is_restrictor_plate,
    any_value(readings.race_id_nascar_feed) AS race_id_nascar_feed,
    -- A race is of the source that names it best: it has the most facts of it.
    arg_min(readings.source_id, ranks.race_name) AS source_id,
    arg_min(readings.document_id, ranks.race_name) AS document_id
  FROM core.race_readings AS readings
  INNER JOIN ranks ON readings.reading = ranks.reading
  GROUP BY readings.race_id
),
numbered AS (
  SELECT
    believed.*,
    split_part(believed.race_id, '-', 1) AS series_id,
    split_part(believed.race_id, '-', 2)::INTEGER AS season,
    try_cast(split_part(believed.race_id, '-', 3) AS INTEGER) AS race_number
  FROM believed
),
exceptions AS (
  SELECT
    numbered.race_id,
    any_value(rules.awards_points::BOOLEAN) AS awards_points,
    any_value(rules.counts_as_official_win::BOOLEAN) AS counts_as_official_win
  FROM numbered
  INNER JOIN seeds.race_type_exceptions AS rules
    ON
      numbered.series_id = rules.series_id
      AND numbered.race_number IS NULL
      AND contains(lower(numbered.race_name), lower(rules.race_name_contains))
      AND numbered.season BETWEEN rules.first_season::INTEGER AND coalesce(rules.last_season::INTEGER, 9999)
  GROUP BY numbered.race_id
),
candidates AS (
  -- The layout of that day; of several, that of the source's own kind, then the one whose length is nearest.
  SELECT
    numbered.race_id,
    known.layout_id,
    known.surface,
    known.length_miles::DECIMAL(7, 3) AS length_miles
  FROM numbered
  INNER JOIN seeds.track_layouts AS known
    ON
      numbered.track_id = known.track_id
      -- Of a race whose day no source states, those of its season.
      AND coalesce(numbered.race_date, make_date(numbered.season, 12, 31)) >= coalesce(known.first_date, '1900-01-01')::DATE
      AND coalesce(numbered.race_date, make_date(numbered.season, 1, 1)) <= coalesce(known.last_date, '9999-12-31')::DATE
  LEFT JOIN seeds.track_aliases AS aliases
    ON numbered.track_source_id = aliases.source_id AND numbered.track_key = aliases.track_key
  QUALIFY rank() OVER (
    PARTITION BY numbered.race_id
    ORDER BY
      known.layout = aliases.layout DESC NULLS LAST,
      abs(known.length_miles::DOUBLE - numbered.lap_length_miles) ASC NULLS LAST,
      if(numbered.race_date IS NULL, NULL, known.layout_id) ASC
  ) = 1
),
layouts AS (
  -- Without the day nobody can say whether a race was before or after a venue was rebuilt.
  SELECT
    race_id,
    if(count(*) = 1, min(layout_id), NULL) AS layout_id,
    if(count(DISTINCT surface) = 1, min(surface), NULL) AS surface,
    if(count(DISTINCT length_miles) = 1, min(length_miles), NULL) AS length_miles
  FROM candidates
  GROUP BY race_id
)
SELECT
  numbered.race_id,
  numbered.series_id,
  numbered.season,
  numbered.race_number,
  numbered.race_date,
  numbered.scheduled_date,
  numbered.race_name,
  numbered.track_id,
  numbered.track_name_at_the_time,
  aliases.layout AS track_layout,
  layouts.layout_id,
  layouts.surface AS track_surface,
  coalesce(numbered.lap_length_miles, layouts.length_miles) AS lap_length_miles,
  coalesce(exceptions.awards_points, finishes.awards_points, numbered.race_number IS NOT NULL) AS awards_points,
  coalesce(
    exceptions.counts_as_official_win, finishes.counts_as_official_win, numbered.race_number IS NOT NULL
  ) AS counts_as_official_win,
  numbered.laps_scheduled,
  numbered.laps_completed,
  numbered.scheduled_distance_miles,
  numbered.distance_miles,
  numbered.race_time_seconds,
  numbered.average_speed_mph,
  numbered.pole_speed_mph,
  numbered.cautions,
  numbered.caution_laps,
  numbered.lead_changes,
  numbered.leaders,
  numbered.starters,
  numbered.stage_1_laps,
  numbered.stage_2_laps,
  numbered.playoff_round,
  numbered.is_restrictor_plate,
  numbered.race_id_nascar_feed,
  numbered.source_id,
  numbered.document_id
FROM numbered
LEFT JOIN seeds.track_aliases AS aliases
  ON numbered.track_source_id = aliases.source_id AND numbered.track_key = aliases.track_key
LEFT JOIN exceptions ON numbered.race_id = exceptions.race_id
LEFT JOIN layouts ON numbered.race_id = layouts.race_id
LEFT JOIN staging.almanac_finishes AS finishes ON numbered.race_id = finishes.race_id AND numbered.source_id = 'almanac';
COMMENT ON TABLE core.races IS 'Every race that was run, as far as a source that was ingested has it';
COMMENT ON COLUMN core.races.race_id IS 'Our id: series, season, number among the points races of that season; x and a number for exhibitions';
COMMENT ON COLUMN core.races.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN core.races.race_name IS 'The name, which changes with the sponsor and may repeat within a season; never a key';
COMMENT ON COLUMN core.races.track_name_at_the_time IS 'What the venue was called';
COMMENT ON COLUMN core.races.track_layout IS 'Which of the venue''s layouts: oval, road course, street course, dirt, beach';
COMMENT ON COLUMN core.races.layout_id IS 'The layout in detail; see core.track_layouts';
COMMENT ON COLUMN core.races.lap_length_miles IS 'Length of a lap in miles, as stated for the race, else as known of the layout';
COMMENT ON COLUMN core.races.laps_scheduled IS 'Laps that the race was last scheduled for';
COMMENT ON COLUMN core.races.laps_completed IS 'Laps that the winner completed';
COMMENT ON COLUMN core.races.stage_2_laps IS 'Laps of the second stage';
COMMENT ON COLUMN core.races.playoff_round IS '0 in the regular season, then the round of the playoffs; NULL where unknown';
COMMENT ON COLUMN core.races.is_restrictor_plate IS 'Whether a restrictor plate or its successor was prescribed';
COMMENT ON COLUMN core.races.race_id_nascar_feed IS 'The league''s own id';
COMMENT ON COLUMN core.races.source_id IS 'The source of the row';
COMMENT ON COLUMN core.races.document_id IS 'The document of the row; see ops.documents';
