-- Grain: source_id, driver_name, season, document_id
-- The columns of every staging.<source>__driver_names, which the build adds to this declaration. A source whose drivers are
-- named elsewhere than in its results gives all of its mentions here, those of its results included.
CREATE OR REPLACE VIEW staging.source_driver_names AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS driver_name,
  NULL::INTEGER AS season,
  NULL::BIGINT AS mentions,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_driver_names IS 'Where each source names drivers, for those that do so elsewhere than in results and lists of races';
COMMENT ON COLUMN staging.source_driver_names.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN staging.source_driver_names.season IS 'The season in which the source has it';
COMMENT ON COLUMN staging.source_driver_names.mentions IS 'How many rows of the document have it';
