-- Grain: race_id, entry_key (may be NULL), fact, chosen_reading, other_reading, other_value
CREATE OR REPLACE TABLE ops.discrepancies AS
WITH margins AS (
  SELECT
    others.race_id,
    'margin_' || others.basis AS fact,
    coalesce(believed.margin_text, believed.margin_seconds::VARCHAR, believed.margin_kind) AS chosen_value,
    believed.reading AS chosen_reading,
    believed.document_id AS chosen_document_id,
    coalesce(others.margin_text, others.margin_seconds::VARCHAR, others.margin_kind) AS other_value,
    others.reading AS other_reading,
    others.document_id AS other_document_id
  FROM core.margins AS others
  INNER JOIN core.race_margins AS believed ON others.race_id = believed.race_id AND others.basis = believed.basis
  WHERE
    believed.margin_kind <> 'unknown'
    AND others.reading <> believed.reading
    AND (
      others.margin_kind <> believed.margin_kind
      OR others.margin_unit IS DISTINCT FROM believed.margin_unit
      OR others.margin_value IS DISTINCT FROM believed.margin_value
    )
),
race_facts AS (
  SELECT
    others.race_id,
    others.fact,
    believed.value AS chosen_value,
    believed.reading AS chosen_reading,
    believed.document_id AS chosen_document_id,
    others.value AS other_value,
    others.reading AS other_reading,
    others.document_id AS other_document_id
  FROM core.race_facts AS others
  INNER JOIN core.race_facts AS believed
    ON others.race_id = believed.race_id AND others.fact = believed.fact AND believed.is_believed
  WHERE
    NOT others.is_believed
    AND others.value <> believed.value
    -- A name changes with who writes it.
    AND others.fact <> 'race_name'
    -- Numbers of more or fewer decimals, and what is stated in whole miles.
    AND coalesce(
      abs(try_cast(others.value AS DOUBLE) - try_cast(believed.value AS DOUBLE)) > greatest(others.tolerance, believed.tolerance),
      TRUE
    )
),
contested AS (
  -- The entries of which a source says something otherwise: most agree in everything.
  SELECT readings.race_id, readings.entry_key
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
  GROUP BY readings.race_id, readings.entry_key
),
contested_readings AS (
  SELECT readings.*
  FROM core.result_readings AS readings
  SEMI JOIN contested ON readings.race_id = contested.race_id AND readings.entry_key = contested.entry_key
),
statements AS (
  SELECT
    race_id,
    entry_key,
    reading,
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
      { 'fact': 'points', 'value': points::VARCHAR }
    ]) AS statement
  FROM contested_readings
),
ranked AS (
  SELECT
    statements.race_id,
    statements.entry_key,
    statements.statement.fact,
    statements.statement.value,
    statements.reading,
    statements.document_id,
    row_number() OVER (
      PARTITION BY statements.race_id, statements.entry_key, statements.statement.fact
      ORDER BY ranks.precedence::INTEGER
    ) AS place
  FROM statements
  INNER JOIN seeds.fact_precedence AS ranks
    ON
      statements.reading = ranks.reading
      AND ranks.fact = if(statements.statement.fact = 'laps_completed', 'car_laps', statements.statement.fact)
  WHERE statements.statement.value IS NOT NULL
),
result_facts AS (
  SELECT
    others.race_id,
    others.entry_key,
    results.driver_id,
    others.fact,
    believed.value AS chosen_value,
    believed.reading AS chosen_reading,
    believed.document_id AS chosen_document_id,
    others.value AS other_value,
    others.reading AS other_reading,
    others.document_id AS other_document_id
  FROM ranked AS others
  INNER JOIN ranked AS believed
    ON
      others.race_id = believed.race_id
      AND others.entry_key = believed.entry_key
      AND others.fact = believed.fact
      AND believed.place = 1
  INNER JOIN core.results AS results ON others.race_id = results.race_id AND others.entry_key = results.entry_key
  WHERE others.place > 1 AND others.value <> believed.value
),
corrected_places AS (
  -- A person corrected the place that all sources, or the one believed, have.
  SELECT
    results.race_id,
    results.entry_key,
    results.driver_id,
    'finish_position' AS fact,
    results.finish_position::VARCHAR AS chosen_value,
    'sql/seeds/result_corrections.csv' AS chosen_reading,
    NULL AS chosen_document_id,
    readings.finish_position::VARCHAR AS other_value,
    readings.reading AS other_reading,
    readings.document_id AS other_document_id
  FROM seeds.result_corrections AS corrections
  INNER JOIN core.results AS results
    ON corrections.race_id = results.race_id AND corrections.driver_id = results.driver_id
  INNER JOIN core.result_readings AS readings
    ON results.race_id = readings.race_id AND results.entry_key = readings.entry_key
  WHERE readings.finish_position <> results.finish_position
),
lists AS (
  SELECT race_id, any_value(reading) AS reading, min(document_id) AS document_id
  FROM core.result_statements
  WHERE is_listed
  GROUP BY race_id
),
entries AS (
  SELECT
    unlisted.race_id,
    unlisted.driver_id,
    'entry' AS fact,
    'not listed' AS chosen_value,
    lists.reading AS chosen_reading,
    lists.document_id AS chosen_document_id,
    concat_ws(', ', '#' || unlisted.car_number, unlisted.driver_name, 'finished ' || unlisted.finish_position) AS other_value,
    unlisted.reading AS other_reading,
    unlisted.document_id AS other_document_id
  FROM core.unlisted_entries AS unlisted
  INNER JOIN lists ON unlisted.race_id = lists.race_id
  WHERE unlisted.finish_position IS NOT NULL
),
repeated AS (
  SELECT
    ids.race_id,
    'result listed twice' AS fact,
    any_value(results.driver_name) AS chosen_value,
    'weekend_feed' AS chosen_reading,
    any_value(results.document_id) AS chosen_document_id,
    count(*) || ' rows with the result id ' || results.result_id_nascar_feed AS other_value,
    'weekend_feed' AS other_reading,
    any_value(results.document_id) AS other_document_id
  FROM staging.nascar_feed_results AS results
  INNER JOIN core.source_races AS ids
    ON ids.source_id = 'nascar_feed' AND results.race_id_nascar_feed::VARCHAR = ids.race_key
  GROUP BY ids.race_id, results.result_id_nascar_feed
  HAVING count(*) > 1
),
explained AS (
  SELECT race_id, string_agg(what || coalesce(': ' || note, ''), '; ' ORDER BY what) AS reason
  FROM staging.almanac_changed_outcomes
  GROUP BY race_id
)
SELECT
  found.race_id,
  found.entry_key,
  found.driver_id,
  found.fact,
  found.chosen_value,
  found.chosen_reading,
  found.chosen_document_id,
  found.other_value,
  found.other_reading,
  found.other_document_id,
  explained.reason
FROM (
  FROM race_facts
  UNION ALL BY NAME
  FROM result_facts
  UNION ALL BY NAME
  FROM margins
  UNION ALL BY NAME
  FROM corrected_places
  UNION ALL BY NAME
  FROM entries
  UNION ALL BY NAME
  FROM repeated
) AS found
LEFT JOIN explained ON found.race_id = explained.race_id AND starts_with(found.fact, 'margin_');
COMMENT ON TABLE ops.discrepancies IS 'Where readings of the same fact differ, and which one is believed';
COMMENT ON COLUMN ops.discrepancies.entry_key IS 'The entry, where it is about a car''s result; see core.results';
COMMENT ON COLUMN ops.discrepancies.driver_id IS 'The driver of the entry; see core.drivers';
COMMENT ON COLUMN ops.discrepancies.fact IS 'What they differ about: margin_line, margin_official, a column of core.races or core.results, or whether there was such an entry';
COMMENT ON COLUMN ops.discrepancies.chosen_value IS 'The value that is believed';
COMMENT ON COLUMN ops.discrepancies.chosen_reading IS 'Where it was read: a kind of document, gap, or a file of corrections';
COMMENT ON COLUMN ops.discrepancies.chosen_document_id IS 'Its document; see ops.documents; NULL for a file of corrections';
COMMENT ON COLUMN ops.discrepancies.other_value IS 'The value of the other reading';
COMMENT ON COLUMN ops.discrepancies.other_reading IS 'Where that was read';
COMMENT ON COLUMN ops.discrepancies.other_document_id IS 'Its document; see ops.documents';
COMMENT ON COLUMN ops.discrepancies.reason IS 'Why they differ, where the almanac says so';
