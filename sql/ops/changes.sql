-- Grain: document_id, table_name, row_key, column_name (may be NULL)
CREATE OR REPLACE VIEW ops.changes AS
WITH ours AS (
  -- Their rows begin with our ids of races, also of races that they do not list.
  SELECT DISTINCT source_id
  FROM core.listed_races
  WHERE is_keyed_by_our_ids
)
SELECT
  changes.seen_at,
  coalesce(
    ids.race_id, CASE WHEN ours.source_id IS NOT NULL THEN nullif(split_part(changes.row_key, '/', 1), '') END
  ) AS race_id,
  changes.table_name,
  changes.row_key,
  changes.column_name,
  changes.change_kind,
  changes.old_value,
  changes.new_value,
  changes.is_correction,
  changes.source_id,
  changes.document_key,
  changes.old_document_id,
  changes.document_id
FROM raw.changes AS changes
LEFT JOIN core.source_races AS ids
  ON changes.source_id = ids.source_id AND split_part(changes.row_key, '/', 1) = ids.race_key
LEFT JOIN ours ON changes.source_id = ours.source_id;
COMMENT ON VIEW ops.changes IS 'Corrections: every value that differs between two versions of a document';
COMMENT ON COLUMN ops.changes.seen_at IS 'When the new version was fetched, UTC';
COMMENT ON COLUMN ops.changes.race_id IS 'The race of the row; see core.races; NULL if it is not a race that was run';
COMMENT ON COLUMN ops.changes.table_name IS 'The raw table of the row';
COMMENT ON COLUMN ops.changes.row_key IS 'The key of the row: the source''s race id, then the other columns of its key';
COMMENT ON COLUMN ops.changes.column_name IS 'The column, NULL when the whole row was added or removed';
COMMENT ON COLUMN ops.changes.change_kind IS 'value_changed, row_added or row_removed';
COMMENT ON COLUMN ops.changes.old_value IS 'The value before';
COMMENT ON COLUMN ops.changes.new_value IS 'The value after';
COMMENT ON COLUMN ops.changes.is_correction IS 'Whether the race had been run when the old value was fetched; if not, the change is an update';
COMMENT ON COLUMN ops.changes.old_document_id IS 'The version with the old value; see ops.documents';
COMMENT ON COLUMN ops.changes.document_id IS 'The version with the new value; see ops.documents';
