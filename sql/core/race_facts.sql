-- Grain: race_id, fact, reading
-- Incremental: race_id
CREATE OR REPLACE VIEW core.race_facts AS
WITH facts AS (
  SELECT names.fact, names.ranked_as
  FROM (
    VALUES
    ('race_date', 'race_date'),
    ('race_name', 'race_name'),
    ('track_id', 'track_id'),
    ('winner_id', 'winner_id'),
    ('laps_completed', 'laps_completed'),
    ('lap_length_miles', 'lap_length_miles'),
    ('distance_miles', 'distance_miles'),
    ('race_time_seconds', 'race_time_seconds'),
    ('average_speed_mph', 'average_speed_mph'),
    ('pole_speed_mph', 'pole_speed_mph'),
    ('cautions', 'cautions'),
    ('caution_laps', 'caution_laps'),
    ('lead_changes', 'lead_changes'),
    ('leaders', 'leaders'),
    ('starters', 'starters'),
    ('laps_scheduled', 'schedule'),
    ('scheduled_distance_miles', 'schedule'),
    ('stage_1_laps', 'schedule'),
    ('stage_2_laps', 'schedule'),
    ('playoff_round', 'schedule'),
    ('race_type_id', 'race_type_id')
  ) AS names (fact, ranked_as)
),
stated AS (
  SELECT
    readings.race_id,
    facts.fact,
    CASE facts.fact
      WHEN 'race_date' THEN readings.race_date::VARCHAR
      WHEN 'race_name' THEN readings.race_name
      WHEN 'track_id' THEN readings.track_id
      WHEN 'winner_id' THEN readings.winner_id
      WHEN 'laps_completed' THEN readings.laps_completed::VARCHAR
      WHEN 'lap_length_miles' THEN readings.lap_length_miles::VARCHAR
      WHEN 'distance_miles' THEN readings.distance_miles::VARCHAR
      WHEN 'race_time_seconds' THEN readings.race_time_seconds::VARCHAR
      WHEN 'average_speed_mph' THEN readings.average_speed_mph::VARCHAR
      WHEN 'pole_speed_mph' THEN readings.pole_speed_mph::VARCHAR
      WHEN 'cautions' THEN readings.cautions::VARCHAR
      WHEN 'caution_laps' THEN readings.caution_laps::VARCHAR
      WHEN 'lead_changes' THEN readings.lead_changes::VARCHAR
      WHEN 'leaders' THEN readings.leaders::VARCHAR
      WHEN 'starters' THEN readings.starters::VARCHAR
      WHEN 'laps_scheduled' THEN readings.laps_scheduled::VARCHAR
      WHEN 'scheduled_distance_miles' THEN readings.scheduled_distance_miles::VARCHAR
      WHEN 'stage_1_laps' THEN readings.stage_1_laps::VARCHAR
      WHEN 'stage_2_laps' THEN readings.stage_2_laps::VARCHAR
      WHEN 'playoff_round' THEN readings.playoff_round::VARCHAR
      WHEN 'race_type_id' THEN readings.race_type_id::VARCHAR
    END AS value,
    readings.reading,
    ranks.precedence,
    CASE facts.fact
      WHEN 'race_date' THEN selected.race_date_precedence
      WHEN 'race_name' THEN selected.race_name_precedence
      WHEN 'track_id' THEN selected.track_id_precedence
      WHEN 'winner_id' THEN selected.winner_id_precedence
      WHEN 'laps_completed' THEN selected.laps_completed_precedence
      WHEN 'lap_length_miles' THEN selected.lap_length_miles_precedence
      WHEN 'distance_miles' THEN selected.distance_miles_precedence
      WHEN 'race_time_seconds' THEN selected.race_time_seconds_precedence
      WHEN 'average_speed_mph' THEN selected.average_speed_mph_precedence
      WHEN 'pole_speed_mph' THEN selected.pole_speed_mph_precedence
      WHEN 'cautions' THEN selected.cautions_precedence
      WHEN 'caution_laps' THEN selected.caution_laps_precedence
      WHEN 'lead_changes' THEN selected.lead_changes_precedence
      WHEN 'leaders' THEN selected.leaders_precedence
      WHEN 'starters' THEN selected.starters_precedence
      WHEN 'laps_scheduled' THEN selected.laps_scheduled_precedence
      WHEN 'scheduled_distance_miles' THEN selected.scheduled_distance_miles_precedence
      WHEN 'stage_1_laps' THEN selected.stage_1_laps_precedence
      WHEN 'stage_2_laps' THEN selected.stage_2_laps_precedence
      WHEN 'playoff_round' THEN selected.playoff_round_precedence
      WHEN 'race_type_id' THEN selected.race_type_id_precedence
    END AS selected_precedence,
    ranks.tolerance,
    ranks.reason || coalesce('; set aside: ' || implausible.reason, '') AS rule,
    readings.source_id,
    readings.document_id
  FROM core.race_readings AS readings
  INNER JOIN core.fact_precedence AS ranks ON readings.reading = ranks.reading
  INNER JOIN facts ON ranks.fact = facts.ranked_as
  INNER JOIN core.race_selections AS selected ON readings.race_id = selected.race_id
  LEFT JOIN core.implausible_race_values AS implausible
    ON readings.race_id = implausible.race_id AND readings.reading = implausible.reading AND facts.fact = implausible.fact
)
SELECT
  race_id,
  fact,
  value,
  reading,
  precedence,
  precedence = selected_precedence AS is_believed,
  tolerance,
  rule,
  source_id,
  document_id
FROM stated
WHERE value IS NOT NULL;
COMMENT ON VIEW core.race_facts IS 'Every source value of a race, fact by fact, and which one is selected by the declared precedence';
COMMENT ON COLUMN core.race_facts.fact IS 'What is stated: a column of core.races, or winner_id';
COMMENT ON COLUMN core.race_facts.value IS 'What the source states, as text; units as in core.races';
COMMENT ON COLUMN core.race_facts.reading IS 'Where it was read; see core.race_readings';
COMMENT ON COLUMN core.race_facts.precedence IS 'The lowest is selected; sql/seeds/fact_precedence.csv';
COMMENT ON COLUMN core.race_facts.is_believed IS 'Whether it is what core.races has';
COMMENT ON COLUMN core.race_facts.tolerance IS 'How far the reading may be off without contradicting another, in the unit of the fact';
COMMENT ON COLUMN core.race_facts.rule IS 'What speaks for the source value, and what it contradicts, if it gave way to another for that';
COMMENT ON COLUMN core.race_facts.source_id IS 'The source';
COMMENT ON COLUMN core.race_facts.document_id IS 'The document; see ops.documents';
