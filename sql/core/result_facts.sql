-- Grain: race_id, entry_key, fact, reading
CREATE OR REPLACE VIEW core.result_facts AS
WITH stated AS (
  SELECT
    race_id,
    entry_key,
    reading,
    source_id,
    document_id,
    unnest([
      { 'fact': 'finish_position', 'value': finish_position::VARCHAR },
      { 'fact': 'driver_id', 'value': driver_id },
      { 'fact': 'car_number', 'value': car_number },
      { 'fact': 'start_position', 'value': start_position::VARCHAR },
      { 'fact': 'laps_completed', 'value': laps_completed::VARCHAR },
      { 'fact': 'laps_led', 'value': laps_led::VARCHAR },
      { 'fact': 'status', 'value': status },
      { 'fact': 'manufacturer_id', 'value': manufacturer_id },
      { 'fact': 'points', 'value': points::VARCHAR },
      { 'fact': 'team_name', 'value': team_name },
      { 'fact': 'owner_name', 'value': owner_name }
    ]) AS statement
  FROM core.result_readings
  WHERE entry_key IS NOT NULL
)
SELECT
  stated.race_id,
  stated.entry_key,
  stated.statement.fact,
  stated.statement.value,
  stated.reading,
  ranks.precedence::INTEGER AS precedence,
  rank() OVER (PARTITION BY stated.race_id, stated.entry_key, stated.statement.fact ORDER BY ranks.precedence::INTEGER) = 1 AS is_believed,
  ranks.reason AS rule,
  stated.source_id,
  stated.document_id
FROM stated
INNER JOIN seeds.fact_precedence AS ranks
  ON
    stated.reading = ranks.reading
    AND ranks.fact = if(stated.statement.fact = 'laps_completed', 'car_laps', stated.statement.fact)
WHERE stated.statement.value IS NOT NULL;
COMMENT ON VIEW core.result_facts IS 'Every statement of a source about a car''s result, fact by fact, and which one is believed by the declared precedence';
COMMENT ON COLUMN core.result_facts.fact IS 'What is stated: a column of core.results';
COMMENT ON COLUMN core.result_facts.value IS 'What the source states, as text';
COMMENT ON COLUMN core.result_facts.reading IS 'Where it was read; see core.result_readings';
COMMENT ON COLUMN core.result_facts.precedence IS 'The lowest is believed; sql/seeds/fact_precedence.csv';
COMMENT ON COLUMN core.result_facts.is_believed IS 'Whether it is what core.results has, unless sql/seeds/result_corrections.csv has the place';
COMMENT ON COLUMN core.result_facts.rule IS 'What speaks for the reading';
COMMENT ON COLUMN core.result_facts.source_id IS 'The source';
COMMENT ON COLUMN core.result_facts.document_id IS 'The document; see ops.documents';
