-- Grain: source_id, race_key, reading, basis (may be NULL)
-- Incremental: source_id, race_key
-- The columns of every staging.<source>__margins, which the build adds to this declaration; one that a source leaves out is NULL.
-- A table, since several relations read it.
CREATE OR REPLACE TABLE staging.source_margins AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::VARCHAR AS reading,
  NULL::VARCHAR AS basis,
  NULL::BOOLEAN AS is_keyed_by_our_ids,
  NULL::VARCHAR AS verification,
  NULL::VARCHAR AS margin_text,
  NULL::VARCHAR AS margin_kind,
  NULL::DECIMAL(12, 4) AS margin_value,
  NULL::VARCHAR AS margin_unit,
  NULL::DECIMAL(9, 4) AS margin_seconds,
  NULL::TINYINT AS margin_decimals,
  NULL::BOOLEAN AS is_lower_bound,
  NULL::BOOLEAN AS is_approximate,
  NULL::VARCHAR AS source_url,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON TABLE staging.source_margins IS 'What each source states as the margin of victory of each race, one form for all';
COMMENT ON COLUMN staging.source_margins.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_margins.reading IS 'The kind of source value, which fact_precedence.csv ranks; kinds of two sources have different names';
COMMENT ON COLUMN staging.source_margins.basis IS 'official where it is of the official order only; NULL for a printed margin, which is official too without a disqualification';
COMMENT ON COLUMN staging.source_margins.is_keyed_by_our_ids IS 'Whether race_key is our race_id, also of a race that the source does not list';
COMMENT ON COLUMN staging.source_margins.verification IS 'printed, or how well a curated margin is supported; fact_precedence.csv may rank it apart';
COMMENT ON COLUMN staging.source_margins.margin_text IS 'What the source printed, verbatim; NULL where it states a number';
COMMENT ON COLUMN staging.source_margins.margin_kind IS 'time, laps, car_lengths, distance, under_caution, dead_heat or unknown; rows without one are ignored';
COMMENT ON COLUMN staging.source_margins.margin_seconds IS 'Seconds, for a margin of time only';
COMMENT ON COLUMN staging.source_margins.is_approximate IS 'Whether its publisher rounded it';
COMMENT ON COLUMN staging.source_margins.source_url IS 'Where the margin is published; NULL for the address of the document';
