-- Grain: race_id, fact, other_reading
-- Incremental: race_id
CREATE OR REPLACE VIEW ops.race_discrepancies AS
WITH facts AS (
  -- Values are text; a number is compared as one.
  SELECT
    race_id,
    fact,
    value,
    reading,
    is_believed,
    tolerance,
    document_id,
    CASE WHEN regexp_matches(value, '^-?[0-9]+([.][0-9]+)?$') THEN cast(value AS DOUBLE) END AS number
  FROM core.race_facts
)
SELECT
  others.race_id,
  others.fact,
  selected.value AS chosen_value,
  selected.reading AS chosen_reading,
  selected.document_id AS chosen_document_id,
  others.value AS other_value,
  others.reading AS other_reading,
  others.document_id AS other_document_id
FROM facts AS others
INNER JOIN facts AS selected
  ON others.race_id = selected.race_id AND others.fact = selected.fact AND selected.is_believed
WHERE
  NOT others.is_believed
  AND others.value <> selected.value
  -- A name changes with who writes it.
  AND others.fact <> 'race_name'
  -- Numbers of more or fewer decimals, and what is stated in whole miles.
  AND coalesce(
    abs(others.number - selected.number)
    > CASE WHEN others.tolerance > selected.tolerance THEN others.tolerance ELSE selected.tolerance END,
    TRUE
  );
COMMENT ON VIEW ops.race_discrepancies IS 'Facts of races that differ from the selected one by more than their tolerance';
COMMENT ON COLUMN ops.race_discrepancies.fact IS 'What they differ about';
COMMENT ON COLUMN ops.race_discrepancies.chosen_value IS 'The selected value';
COMMENT ON COLUMN ops.race_discrepancies.chosen_reading IS 'What kind of source value it is';
COMMENT ON COLUMN ops.race_discrepancies.chosen_document_id IS 'Its document; see ops.documents';
COMMENT ON COLUMN ops.race_discrepancies.other_value IS 'The other value';
COMMENT ON COLUMN ops.race_discrepancies.other_reading IS 'What kind of source value that is';
COMMENT ON COLUMN ops.race_discrepancies.other_document_id IS 'Its document; see ops.documents';
