-- Grain: race_id, entry_key (may be NULL), fact, reading, value
CREATE OR REPLACE VIEW ops.readings AS
WITH stated AS (
  SELECT
    race_id,
    NULL AS entry_key,
    fact,
    value,
    reading,
    precedence,
    is_believed,
    rule,
    NULL AS source_url,
    document_id
  FROM core.race_facts
  UNION ALL
  SELECT race_id, entry_key, fact, value, reading, precedence, is_believed, rule, NULL, document_id
  FROM core.result_facts
  UNION ALL
  SELECT
    margins.race_id,
    NULL,
    'margin_' || margins.basis,
    coalesce(
      margins.margin_text,
      cast(margins.margin_seconds AS VARCHAR),
      -- The laps that the first two completed differ by so many.
      CASE
        WHEN margins.margin_kind = 'laps' AND margins.margin_value = 1 THEN 'at least 1 lap'
        WHEN margins.margin_kind = 'laps' THEN concat('at least ', cast(margins.margin_value AS INTEGER), ' laps')
      END,
      margins.margin_kind
    ),
    margins.reading,
    margins.precedence,
    CASE WHEN known.reading IS NOT NULL THEN margins.is_selected END,
    ranks.reason,
    margins.source_url,
    margins.document_id
  FROM core.margins AS margins
  INNER JOIN core.race_margins AS known ON margins.race_id = known.race_id AND margins.basis = known.basis
  INNER JOIN core.fact_precedence AS ranks
    ON
      ranks.fact = 'margin'
      AND margins.reading = ranks.reading
      AND margins.verification = coalesce(ranks.verification, margins.verification)
  UNION ALL
  SELECT
    corrections.race_id,
    results.entry_key,
    'finish_position',
    corrections.finish_position,
    'correction',
    0,
    TRUE,
    corrections.reason,
    corrections.source_url,
    results.document_id
  FROM seeds.result_corrections AS corrections
  INNER JOIN core.results AS results
    ON corrections.race_id = results.race_id AND corrections.driver_id = results.driver_id
)
SELECT
  stated.race_id,
  stated.entry_key,
  stated.fact,
  stated.value,
  stated.reading,
  stated.is_believed,
  stated.precedence,
  stated.rule,
  documents.source_id,
  documents.url,
  documents.sha256,
  documents.fetched_at,
  stated.document_id,
  stated.source_url AS citation_url
FROM stated
INNER JOIN ops.documents AS documents ON stated.document_id = documents.document_id;
COMMENT ON VIEW ops.readings IS 'Every figure of a race or a result as each source states it, the rule that chose, and the document; `nascar why` asks it';
COMMENT ON COLUMN ops.readings.entry_key IS 'The entry, where it is about a car''s result; see core.results';
COMMENT ON COLUMN ops.readings.fact IS 'margin_line, margin_official, a column of core.races or of core.results';
COMMENT ON COLUMN ops.readings.value IS 'What is stated, as text; units as in core.races and core.results';
COMMENT ON COLUMN ops.readings.reading IS 'Where it was read: a kind of document, gap for a derived margin, or correction for what was decided by hand';
COMMENT ON COLUMN ops.readings.is_believed IS 'Whether it is the figure that is shown';
COMMENT ON COLUMN ops.readings.precedence IS 'The lowest is selected';
COMMENT ON COLUMN ops.readings.rule IS 'What speaks for the reading';
COMMENT ON COLUMN ops.readings.url IS 'The address of the document, whose bytes have the hash';
COMMENT ON COLUMN ops.readings.citation_url IS 'The address that a line of the document cites for this value; NULL where the document itself states it';
COMMENT ON COLUMN ops.readings.sha256 IS 'The hash of the document''s bytes';
COMMENT ON COLUMN ops.readings.fetched_at IS 'When the document came, UTC';
