-- Grain: race_id
CREATE OR REPLACE VIEW marts.record_progression AS
WITH compared AS (
  SELECT
    *,
    min(margin_seconds) OVER (
      ORDER BY race_date, race_number, race_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS record_before_seconds
  FROM marts.closest_finishes
),
-- The races of unknown margin among all of that time, counted up to each race.
counted AS (
  SELECT
    race_id,
    count(CASE WHEN margin_kind = 'unknown' THEN 1 END) OVER (
      ORDER BY race_date, race_number, race_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS margins_unknown_before
  FROM marts.finishes
  WHERE series_id = 'cup' AND basis = 'line' AND counts_as_official_win AND timing = 'electronic'
)
SELECT
  compared.race_date,
  compared.race_id,
  compared.race_name,
  compared.track_name,
  compared.winner,
  compared.runner_up,
  compared.margin_seconds,
  compared.record_before_seconds,
  coalesce(compared.margin_seconds = compared.record_before_seconds, FALSE) AS is_tie,
  counted.margins_unknown_before,
  compared.verification,
  compared.source_id,
  compared.source_url,
  compared.document_id
FROM compared
INNER JOIN counted ON compared.race_id = counted.race_id
WHERE compared.record_before_seconds IS NULL OR compared.margin_seconds <= compared.record_before_seconds
ORDER BY compared.race_date, compared.race_number, compared.race_id;
COMMENT ON VIEW marts.record_progression IS 'How the record for the closest finish of the Cup Series fell, since electronic timing, among races with a known margin';
COMMENT ON COLUMN marts.record_progression.race_date IS 'The day on which the record was set or equalled';
COMMENT ON COLUMN marts.record_progression.margin_seconds IS 'The new record in seconds';
COMMENT ON COLUMN marts.record_progression.record_before_seconds IS 'The record until then, NULL for the first race';
COMMENT ON COLUMN marts.record_progression.margins_unknown_before IS 'Races until then, since electronic timing, whose margin is unknown: one of them may have been the record';
COMMENT ON COLUMN marts.record_progression.is_tie IS 'Whether the record was equalled, not broken';
