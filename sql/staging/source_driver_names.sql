-- Grain: source_id, driver_name, season, document_id
-- The columns of every staging.<source>__driver_names, which the build adds to this declaration. Of a source without one the
-- drivers are those of its results and the winners of its races; one whose drivers stand elsewhere too lists them all here.
CREATE OR REPLACE VIEW staging.source_driver_names AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS driver_name,
  NULL::INTEGER AS season,
  NULL::BIGINT AS mentions,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_driver_names IS 'Where sources name drivers, in one form; of a source without a row core.driver_names looks in its results';
COMMENT ON COLUMN staging.source_driver_names.driver_name IS 'The name as the source has it';
COMMENT ON COLUMN staging.source_driver_names.season IS 'The season in which the source has it';
COMMENT ON COLUMN staging.source_driver_names.mentions IS 'How many rows of the document have it';
