-- Grain: race_id
-- Incremental: race_id
CREATE OR REPLACE TABLE core.races AS
WITH races AS (
  SELECT
    *,
    split_part(race_id, '-', 1) AS series_id,
    split_part(race_id, '-', 2)::INTEGER AS season,
    try_cast(split_part(race_id, '-', 3) AS INTEGER) AS race_number
  FROM core.race_selections
),
exceptions AS (
  SELECT
    races.race_id,
    bool_or(rules.awards_points::BOOLEAN) AS awards_points,
    bool_or(rules.counts_as_official_win::BOOLEAN) AS counts_as_official_win
  FROM races
  INNER JOIN seeds.race_type_exceptions AS rules
    ON
      races.series_id = rules.series_id
      AND races.race_number IS NULL
      AND contains(lower(races.race_name), lower(rules.race_name_contains))
      AND races.season BETWEEN rules.first_season::INTEGER AND coalesce(rules.last_season::INTEGER, 9999)
  GROUP BY races.race_id
)
SELECT
  races.race_id,
  races.series_id,
  races.season,
  races.race_number,
  races.race_date,
  races.scheduled_date,
  races.race_name,
  events.event_id,
  races.track_id,
  races.track_name_at_the_time,
  layouts.track_layout,
  layouts.layout_id,
  layouts.track_surface,
  coalesce(races.lap_length_miles, layouts.length_miles) AS lap_length_miles,
  coalesce(exceptions.awards_points, races.awards_points, races.race_number IS NOT NULL) AS awards_points,
  coalesce(exceptions.counts_as_official_win, races.counts_as_official_win, races.race_number IS NOT NULL) AS counts_as_official_win,
  races.laps_scheduled,
  races.laps_completed,
  races.scheduled_distance_miles,
  races.distance_miles,
  races.race_time_seconds,
  races.average_speed_mph,
  races.pole_speed_mph,
  races.cautions,
  races.caution_laps,
  races.lead_changes,
  races.leaders,
  races.starters,
  races.stage_1_laps,
  races.stage_2_laps,
  races.playoff_round,
  races.is_restrictor_plate,
  races.race_id_nascar_feed,
  races.source_id,
  races.document_id
FROM races
LEFT JOIN seeds.race_events AS events
  ON
    races.series_id = events.series_id
    AND races.track_id = events.track_id
    AND races.race_number IS NOT NULL
    AND regexp_full_match(lower(races.race_name), events.race_name_pattern)
    AND races.season BETWEEN events.first_season::INTEGER AND coalesce(events.last_season::INTEGER, 9999)
LEFT JOIN exceptions ON races.race_id = exceptions.race_id
LEFT JOIN core.race_layouts AS layouts ON races.race_id = layouts.race_id;
COMMENT ON TABLE core.races IS 'Every race that was run, as far as a source that was ingested has it';
COMMENT ON COLUMN core.races.event_id IS 'The event that it is an edition of, such as daytona-500, whatever its sponsors; sql/seeds/race_events.csv has the list, NULL for others';
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
