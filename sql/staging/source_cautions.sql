-- Grain: source_id, race_key, start_lap, end_lap
-- The columns of every staging.<source>__cautions, which the build adds to this declaration; one that a source leaves out is NULL.
CREATE OR REPLACE VIEW staging.source_cautions AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::INTEGER AS start_lap,
  NULL::INTEGER AS end_lap,
  NULL::VARCHAR AS caution_reason,
  NULL::VARCHAR AS reason_text,
  NULL::VARCHAR AS comment,
  NULL::VARCHAR AS beneficiary_car_number,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_cautions IS 'The caution periods of races, one form for all sources';
COMMENT ON COLUMN staging.source_cautions.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_cautions.start_lap IS 'The first lap under caution';
COMMENT ON COLUMN staging.source_cautions.end_lap IS 'The last lap under caution';
COMMENT ON COLUMN staging.source_cautions.caution_reason IS 'The reason in the vocabulary of caution_reasons.csv; unknown where the source''s word is not in it';
COMMENT ON COLUMN staging.source_cautions.reason_text IS 'The source''s word for the reason';
COMMENT ON COLUMN staging.source_cautions.comment IS 'What the source says about it';
COMMENT ON COLUMN staging.source_cautions.beneficiary_car_number IS 'The car that got a lap back';
