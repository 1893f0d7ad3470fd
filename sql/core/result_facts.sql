-- Grain: race_id, entry_key, fact, reading
-- Incremental: race_id
CREATE OR REPLACE VIEW core.result_facts AS
WITH ranks AS (
  SELECT
    CASE fact WHEN 'car_laps' THEN 'laps_completed' ELSE fact END AS fact,
    reading,
    precedence,
    reason
  FROM core.fact_precedence
  WHERE
    fact IN (
      'finish_position', 'driver_id', 'car_number', 'start_position', 'car_laps', 'laps_led',
      'status', 'manufacturer_id', 'team_name', 'owner_name', 'points'
    )
),
stated AS (
  SELECT
    readings.race_id,
    readings.entry_key,
    ranks.fact,
    CASE ranks.fact
      WHEN 'finish_position' THEN readings.finish_position::VARCHAR
      WHEN 'driver_id' THEN readings.driver_id
      WHEN 'car_number' THEN readings.car_number
      WHEN 'start_position' THEN readings.start_position::VARCHAR
      WHEN 'laps_completed' THEN readings.laps_completed::VARCHAR
      WHEN 'laps_led' THEN readings.laps_led::VARCHAR
      WHEN 'status' THEN readings.status
      WHEN 'manufacturer_id' THEN readings.manufacturer_id
      WHEN 'team_name' THEN readings.team_name
      WHEN 'owner_name' THEN readings.owner_name
      WHEN 'points' THEN readings.points::VARCHAR
    END AS value,
    readings.reading,
    ranks.precedence,
    CASE ranks.fact
      WHEN 'finish_position' THEN selected.finish_position_precedence
      WHEN 'driver_id' THEN selected.driver_id_precedence
      WHEN 'car_number' THEN selected.car_number_precedence
      WHEN 'start_position' THEN selected.start_position_precedence
      WHEN 'laps_completed' THEN selected.laps_completed_precedence
      WHEN 'laps_led' THEN selected.laps_led_precedence
      WHEN 'status' THEN selected.status_precedence
      WHEN 'manufacturer_id' THEN selected.manufacturer_id_precedence
      WHEN 'team_name' THEN selected.team_name_precedence
      WHEN 'owner_name' THEN selected.owner_name_precedence
      WHEN 'points' THEN selected.points_precedence
    END AS selected_precedence,
    selected.race_id IS NULL AS is_only_one,
    ranks.reason AS rule,
    readings.source_id,
    readings.document_id
  FROM core.result_readings AS readings
  INNER JOIN ranks ON readings.reading = ranks.reading
  LEFT JOIN core.result_selections AS selected
    ON readings.race_id = selected.race_id AND readings.entry_key = selected.entry_key
  WHERE readings.entry_key IS NOT NULL
)
SELECT
  race_id,
  entry_key,
  fact,
  value,
  reading,
  precedence,
  is_only_one OR precedence = selected_precedence AS is_believed,
  rule,
  source_id,
  document_id
FROM stated
WHERE value IS NOT NULL;
COMMENT ON VIEW core.result_facts IS 'Every source value of a car''s result, fact by fact, and which one is selected by the declared precedence';
COMMENT ON COLUMN core.result_facts.fact IS 'What is stated: a column of core.results';
COMMENT ON COLUMN core.result_facts.value IS 'What the source states, as text';
COMMENT ON COLUMN core.result_facts.reading IS 'Where it was read; see core.result_readings';
COMMENT ON COLUMN core.result_facts.precedence IS 'The lowest is selected; sql/seeds/fact_precedence.csv';
COMMENT ON COLUMN core.result_facts.is_believed IS 'Whether it is what core.results has, unless a correction of the place or make in sql/seeds says otherwise';
COMMENT ON COLUMN core.result_facts.rule IS 'What speaks for the reading';
COMMENT ON COLUMN core.result_facts.source_id IS 'The source';
COMMENT ON COLUMN core.result_facts.document_id IS 'The document; see ops.documents';
