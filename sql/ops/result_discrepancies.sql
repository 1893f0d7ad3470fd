-- Grain: race_id, entry_key, fact, chosen_reading, other_reading
-- Incremental: race_id
CREATE OR REPLACE TABLE ops.result_discrepancies AS
WITH contested AS (
  -- The entries of which a source says something else: most agree in everything.
  SELECT DISTINCT readings.race_id, readings.entry_key, results.driver_id
  FROM core.result_readings AS readings
  INNER JOIN core.results AS results ON readings.race_id = results.race_id AND readings.entry_key = results.entry_key
  WHERE
    readings.finish_position <> results.finish_position
    OR readings.driver_id <> results.driver_id
    OR readings.car_number <> results.car_number
    OR readings.start_position <> results.start_position
    OR readings.laps_completed <> results.laps_completed
    OR readings.laps_led <> results.laps_led
    OR readings.status <> results.status
    OR readings.manufacturer_id <> results.manufacturer_id
    OR readings.points <> results.points
),
stated AS (
  SELECT
    readings.race_id,
    readings.entry_key,
    contested.driver_id,
    readings.reading,
    readings.document_id,
    unnest([
      { 'fact': 'finish_position', 'value': readings.finish_position::VARCHAR, 'selected': selected.finish_position_precedence },
      { 'fact': 'driver_id', 'value': readings.driver_id, 'selected': selected.driver_id_precedence },
      { 'fact': 'car_number', 'value': readings.car_number, 'selected': selected.car_number_precedence },
      { 'fact': 'start_position', 'value': readings.start_position::VARCHAR, 'selected': selected.start_position_precedence },
      { 'fact': 'laps_completed', 'value': readings.laps_completed::VARCHAR, 'selected': selected.laps_completed_precedence },
      { 'fact': 'laps_led', 'value': readings.laps_led::VARCHAR, 'selected': selected.laps_led_precedence },
      { 'fact': 'status', 'value': readings.status, 'selected': selected.status_precedence },
      { 'fact': 'manufacturer_id', 'value': readings.manufacturer_id, 'selected': selected.manufacturer_id_precedence },
      { 'fact': 'points', 'value': readings.points::VARCHAR, 'selected': selected.points_precedence }
    ]) AS stated
  FROM core.result_readings AS readings
  INNER JOIN contested ON readings.race_id = contested.race_id AND readings.entry_key = contested.entry_key
  INNER JOIN core.result_selections AS selected
    ON readings.race_id = selected.race_id AND readings.entry_key = selected.entry_key
),
facts AS (
  SELECT
    stated.race_id,
    stated.entry_key,
    stated.driver_id,
    stated.stated.fact,
    stated.stated.value,
    stated.reading,
    stated.document_id,
    ranks.precedence = stated.stated.selected AS is_selected
  FROM stated
  INNER JOIN core.fact_precedence AS ranks
    ON
      stated.reading = ranks.reading
      AND ranks.fact = if(stated.stated.fact = 'laps_completed', 'car_laps', stated.stated.fact)
  WHERE stated.stated.value IS NOT NULL
)
SELECT
  others.race_id,
  others.entry_key,
  others.driver_id,
  others.fact,
  selected.value AS chosen_value,
  selected.reading AS chosen_reading,
  selected.document_id AS chosen_document_id,
  others.value AS other_value,
  others.reading AS other_reading,
  others.document_id AS other_document_id
FROM facts AS others
INNER JOIN facts AS selected
  ON
    others.race_id = selected.race_id
    AND others.entry_key = selected.entry_key
    AND others.fact = selected.fact
    AND selected.is_selected
WHERE NOT others.is_selected AND others.value <> selected.value
UNION ALL
-- The seed corrects the place that all sources, or the selected one, have.
SELECT
  results.race_id,
  results.entry_key,
  results.driver_id,
  'finish_position',
  results.finish_position::VARCHAR,
  'sql/seeds/result_corrections.csv',
  NULL,
  readings.finish_position::VARCHAR,
  readings.reading,
  readings.document_id
FROM seeds.result_corrections AS corrections
INNER JOIN core.results AS results
  ON corrections.race_id = results.race_id AND corrections.driver_id = results.driver_id
INNER JOIN core.result_readings AS readings
  ON results.race_id = readings.race_id AND results.entry_key = readings.entry_key
WHERE readings.finish_position <> results.finish_position;
COMMENT ON TABLE ops.result_discrepancies IS 'Facts of cars results that differ from the selected one, or from a corrected place';
COMMENT ON COLUMN ops.result_discrepancies.driver_id IS 'The driver of the entry; see core.drivers';
COMMENT ON COLUMN ops.result_discrepancies.fact IS 'What they differ about';
COMMENT ON COLUMN ops.result_discrepancies.chosen_value IS 'The selected value';
COMMENT ON COLUMN ops.result_discrepancies.chosen_reading IS 'What kind of source value it is';
COMMENT ON COLUMN ops.result_discrepancies.chosen_document_id IS 'Its document; see ops.documents';
COMMENT ON COLUMN ops.result_discrepancies.other_value IS 'The other value';
COMMENT ON COLUMN ops.result_discrepancies.other_reading IS 'What kind of source value that is';
COMMENT ON COLUMN ops.result_discrepancies.other_document_id IS 'Its document; see ops.documents';
