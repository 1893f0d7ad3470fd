-- Grain: source_id, race_key, flag_number
-- The columns of every staging.<source>__flags, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_flags AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::INTEGER AS flag_number,
  NULL::INTEGER AS lap_number,
  NULL::VARCHAR AS flag,
  NULL::DECIMAL(9, 3) AS elapsed_seconds,
  NULL::VARCHAR AS comment,
  NULL::VARCHAR AS beneficiary_car_number,
  NULL::TIMESTAMP AS shown_at,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_flags IS 'The flags of a race, one form for all sources';
COMMENT ON COLUMN staging.source_flags.race_key IS 'The race, as in staging.source_races';
