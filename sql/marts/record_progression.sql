-- Grain: race_id
CREATE OR REPLACE VIEW marts.record_progression AS
WITH compared AS (
  SELECT
    *,
    min(margin_seconds) OVER (
      ORDER BY race_date, race_number, race_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS record_before_seconds
  FROM marts.closest_finishes
)
SELECT
  race_date,
  race_id,
  race_name,
  track_name,
  winner,
  runner_up,
  margin_seconds,
  record_before_seconds,
  coalesce(margin_seconds = record_before_seconds, FALSE) AS is_tie,
  verification,
  source_id,
  source_url,
  document_id
FROM compared
WHERE record_before_seconds IS NULL OR margin_seconds <= record_before_seconds
ORDER BY race_date, race_number, race_id;
COMMENT ON VIEW marts.record_progression IS 'How the record for the closest finish of the Cup Series fell, since electronic timing, among races with a known margin';
COMMENT ON COLUMN marts.record_progression.race_date IS 'The day on which the record was set or equalled';
COMMENT ON COLUMN marts.record_progression.margin_seconds IS 'The new record in seconds';
COMMENT ON COLUMN marts.record_progression.record_before_seconds IS 'The record until then, NULL for the first race';
COMMENT ON COLUMN marts.record_progression.is_tie IS 'Whether the record was equalled, not broken';
