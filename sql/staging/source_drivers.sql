-- Grain: source_id, driver_name, season, ordinal (may be NULL)
-- The columns of every staging.<source>__drivers, which the build adds to this declaration; one that a source leaves out is NULL.
CREATE OR REPLACE VIEW staging.source_drivers AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS driver_name,
  NULL::INTEGER AS season,
  NULL::BIGINT AS ordinal,
  NULL::VARCHAR AS hometown_city,
  NULL::VARCHAR AS hometown_state,
  NULL::VARCHAR AS nationality,
  NULL::DATE AS birth_date,
  NULL::VARCHAR AS driver_id_racing_reference,
  NULL::BIGINT AS mentions,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_drivers IS 'What each source states about a driver, one form for all';
COMMENT ON COLUMN staging.source_drivers.driver_name IS 'The driver, as in source_results or source_driver_names';
COMMENT ON COLUMN staging.source_drivers.season IS 'The season in which it is stated';
COMMENT ON COLUMN staging.source_drivers.ordinal IS 'Of what is stated several times, the greater was stated later; NULL where the most frequent value counts';
COMMENT ON COLUMN staging.source_drivers.hometown_city IS 'The city that the driver calls home';
COMMENT ON COLUMN staging.source_drivers.hometown_state IS 'Its state or province';
COMMENT ON COLUMN staging.source_drivers.nationality IS 'The country';
COMMENT ON COLUMN staging.source_drivers.birth_date IS 'The day on which the driver was born';
COMMENT ON COLUMN staging.source_drivers.driver_id_racing_reference IS 'Racing-Reference''s id of the driver';
COMMENT ON COLUMN staging.source_drivers.mentions IS 'How many rows of the source state it';
