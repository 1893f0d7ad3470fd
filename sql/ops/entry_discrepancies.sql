-- Grain: race_id, fact, other_reading, other_value
-- Incremental: race_id
CREATE OR REPLACE VIEW ops.entry_discrepancies AS
WITH lists AS (
  SELECT race_id, min(reading) AS reading, min(document_id) AS document_id
  FROM core.result_statements
  WHERE is_listed
  GROUP BY race_id
)
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
UNION ALL
SELECT
  race_id,
  NULL,
  'result listed twice',
  driver_name,
  reading,
  document_id,
  times_listed || ' rows with the result id ' || result_id_nascar_feed,
  reading,
  document_id
FROM core.result_statements
WHERE times_listed > 1;
COMMENT ON VIEW ops.entry_discrepancies IS 'Cars that one source has and the list of the race lacks, and results that a source lists twice';
COMMENT ON COLUMN ops.entry_discrepancies.driver_id IS 'The driver of the entry; see core.drivers';
COMMENT ON COLUMN ops.entry_discrepancies.fact IS 'What they differ about';
COMMENT ON COLUMN ops.entry_discrepancies.chosen_value IS 'The selected value';
COMMENT ON COLUMN ops.entry_discrepancies.chosen_reading IS 'What kind of source value it is';
COMMENT ON COLUMN ops.entry_discrepancies.chosen_document_id IS 'Its document; see ops.documents';
COMMENT ON COLUMN ops.entry_discrepancies.other_value IS 'The other value';
COMMENT ON COLUMN ops.entry_discrepancies.other_reading IS 'What kind of source value that is';
COMMENT ON COLUMN ops.entry_discrepancies.other_document_id IS 'Its document; see ops.documents';
