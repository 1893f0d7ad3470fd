-- Grain: race_id, entry_key (may be NULL), fact, chosen_reading, other_reading, other_value
-- Incremental: race_id
CREATE OR REPLACE TABLE ops.discrepancies AS
WITH found AS (
  FROM ops.race_discrepancies
  UNION ALL BY NAME
  FROM ops.result_discrepancies
  UNION ALL BY NAME
  FROM ops.margin_discrepancies
  UNION ALL BY NAME
  FROM ops.entry_discrepancies
),
explained AS (
  SELECT
    coalesce(ids.race_id, changes.race_key) AS race_id,
    string_agg(changes.what || coalesce(': ' || changes.note, ''), '; ' ORDER BY changes.what) AS reason
  FROM staging.source_outcome_changes AS changes
  LEFT JOIN core.source_races AS ids ON changes.source_id = ids.source_id AND changes.race_key = ids.race_key
  WHERE ids.race_id IS NOT NULL OR changes.is_keyed_by_our_ids
  GROUP BY coalesce(ids.race_id, changes.race_key)
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
FROM found
LEFT JOIN explained ON found.race_id = explained.race_id AND starts_with(found.fact, 'margin_');
COMMENT ON TABLE ops.discrepancies IS 'Where source values of the same fact differ, and which one is selected';
COMMENT ON COLUMN ops.discrepancies.entry_key IS 'The entry, where it is about a car''s result; see core.results';
COMMENT ON COLUMN ops.discrepancies.driver_id IS 'The driver of the entry; see core.drivers';
COMMENT ON COLUMN ops.discrepancies.fact IS 'What they differ about: margin_line, margin_official, a column of core.races or core.results, or whether there was such an entry';
COMMENT ON COLUMN ops.discrepancies.chosen_value IS 'The selected value';
COMMENT ON COLUMN ops.discrepancies.chosen_reading IS 'Where it was read: a kind of document, gap, or a file of corrections';
COMMENT ON COLUMN ops.discrepancies.chosen_document_id IS 'Its document; see ops.documents; NULL for a file of corrections';
COMMENT ON COLUMN ops.discrepancies.other_value IS 'The value of the other reading';
COMMENT ON COLUMN ops.discrepancies.other_reading IS 'Where that was read';
COMMENT ON COLUMN ops.discrepancies.other_document_id IS 'Its document; see ops.documents';
COMMENT ON COLUMN ops.discrepancies.reason IS 'Why they differ, where the almanac says so';
