-- Grain: race_id, fact, reading
CREATE OR REPLACE VIEW core.race_facts AS
WITH stated AS (
  SELECT
    race_id,
    reading,
    source_id,
    document_id,
    unnest([
      { 'fact': 'race_date', 'value': race_date::VARCHAR },
      { 'fact': 'race_name', 'value': race_name },
      { 'fact': 'track_id', 'value': track_id },
      { 'fact': 'winner_id', 'value': winner_id },
      { 'fact': 'laps_completed', 'value': laps_completed::VARCHAR },
      { 'fact': 'lap_length_miles', 'value': lap_length_miles::VARCHAR },
      { 'fact': 'distance_miles', 'value': distance_miles::VARCHAR },
      { 'fact': 'race_time_seconds', 'value': race_time_seconds::VARCHAR },
      { 'fact': 'average_speed_mph', 'value': average_speed_mph::VARCHAR },
      { 'fact': 'pole_speed_mph', 'value': pole_speed_mph::VARCHAR },
      { 'fact': 'cautions', 'value': cautions::VARCHAR },
      { 'fact': 'caution_laps', 'value': caution_laps::VARCHAR },
      { 'fact': 'lead_changes', 'value': lead_changes::VARCHAR },
      { 'fact': 'leaders', 'value': leaders::VARCHAR },
      { 'fact': 'starters', 'value': starters::VARCHAR },
      { 'fact': 'laps_scheduled', 'value': laps_scheduled::VARCHAR },
      { 'fact': 'scheduled_distance_miles', 'value': scheduled_distance_miles::VARCHAR },
      { 'fact': 'stage_1_laps', 'value': stage_1_laps::VARCHAR },
      { 'fact': 'stage_2_laps', 'value': stage_2_laps::VARCHAR },
      { 'fact': 'playoff_round', 'value': playoff_round::VARCHAR },
      { 'fact': 'race_type_id', 'value': race_type_id::VARCHAR }
    ]) AS statement
  FROM core.race_readings
)
SELECT
  stated.race_id,
  stated.statement.fact,
  stated.statement.value,
  stated.reading,
  ranks.precedence::INTEGER AS precedence,
  rank() OVER (PARTITION BY stated.race_id, stated.statement.fact ORDER BY ranks.precedence::INTEGER) = 1 AS is_believed,
  coalesce(ranks.tolerance::DOUBLE, 0) AS tolerance,
  ranks.reason AS rule,
  stated.source_id,
  stated.document_id
FROM stated
INNER JOIN seeds.fact_precedence AS ranks
  ON
    stated.reading = ranks.reading
    AND ranks.fact = CASE
      WHEN stated.statement.fact IN ('laps_scheduled', 'scheduled_distance_miles', 'stage_1_laps', 'stage_2_laps', 'playoff_round')
        THEN 'schedule'
      ELSE stated.statement.fact
    END
WHERE stated.statement.value IS NOT NULL;
COMMENT ON VIEW core.race_facts IS 'Every statement of a source about a race, fact by fact, and which one is believed by the declared precedence';
COMMENT ON COLUMN core.race_facts.fact IS 'What is stated: a column of core.races, or winner_id';
COMMENT ON COLUMN core.race_facts.value IS 'What the source states, as text; units as in core.races';
COMMENT ON COLUMN core.race_facts.reading IS 'Where it was read; see core.race_readings';
COMMENT ON COLUMN core.race_facts.precedence IS 'The lowest is believed; sql/seeds/fact_precedence.csv';
COMMENT ON COLUMN core.race_facts.is_believed IS 'Whether it is what core.races has';
COMMENT ON COLUMN core.race_facts.tolerance IS 'How far the reading may be off without contradicting another, in the unit of the fact';
COMMENT ON COLUMN core.race_facts.rule IS 'What speaks for the reading';
COMMENT ON COLUMN core.race_facts.source_id IS 'The source';
COMMENT ON COLUMN core.race_facts.document_id IS 'The document; see ops.documents';
