-- Grain: race_id, fact, other_reading, other_value
-- Incremental: race_id
CREATE OR REPLACE VIEW ops.margin_discrepancies AS
SELECT
  others.race_id,
  'margin_' || others.basis AS fact,
  coalesce(selected.margin_text, cast(selected.margin_seconds AS VARCHAR), selected.margin_kind) AS chosen_value,
  selected.reading AS chosen_reading,
  selected.document_id AS chosen_document_id,
  coalesce(others.margin_text, cast(others.margin_seconds AS VARCHAR), others.margin_kind) AS other_value,
  others.reading AS other_reading,
  others.document_id AS other_document_id
FROM core.margins AS others
INNER JOIN core.margins AS selected ON others.race_id = selected.race_id AND others.basis = selected.basis AND selected.is_selected
WHERE
  NOT others.is_selected
  -- Rounded words do not contradict a measured figure.
  AND (NOT others.is_approximate OR selected.is_approximate)
  AND (
    others.margin_kind <> selected.margin_kind
    OR others.margin_unit IS DISTINCT FROM selected.margin_unit
    OR others.margin_value IS DISTINCT FROM selected.margin_value
  );
COMMENT ON VIEW ops.margin_discrepancies IS 'Margins of victory that differ from the selected one';
COMMENT ON COLUMN ops.margin_discrepancies.fact IS 'What they differ about';
COMMENT ON COLUMN ops.margin_discrepancies.chosen_value IS 'The selected value';
COMMENT ON COLUMN ops.margin_discrepancies.chosen_reading IS 'What kind of source value it is';
COMMENT ON COLUMN ops.margin_discrepancies.chosen_document_id IS 'Its document; see ops.documents';
COMMENT ON COLUMN ops.margin_discrepancies.other_value IS 'The other value';
COMMENT ON COLUMN ops.margin_discrepancies.other_reading IS 'What kind of source value that is';
COMMENT ON COLUMN ops.margin_discrepancies.other_document_id IS 'Its document; see ops.documents';
