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
COMMENT ON COLUMN staging.source_flags.flag_number IS 'Its place in the order, from 1';
COMMENT ON COLUMN staging.source_flags.lap_number IS 'The lap of the leader when it was shown';
COMMENT ON COLUMN staging.source_flags.flag IS 'green, yellow, red or checkered; pace_laps before the start, finished after the race; unknown for another number of the source';
COMMENT ON COLUMN staging.source_flags.elapsed_seconds IS 'Seconds of the race when it was shown';
COMMENT ON COLUMN staging.source_flags.comment IS 'What the source says of it';
COMMENT ON COLUMN staging.source_flags.beneficiary_car_number IS 'The car that got a lap back';
COMMENT ON COLUMN staging.source_flags.shown_at IS 'When it was shown, in UTC';
