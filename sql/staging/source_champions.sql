-- Grain: source_id, series_id, season, title
-- The columns of every staging.<source>__champions, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_champions AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS series_id,
  NULL::INTEGER AS season,
  NULL::VARCHAR AS title,
  NULL::VARCHAR AS champion,
  NULL::VARCHAR AS note,
  NULL::VARCHAR AS source_url,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_champions IS 'Who won the titles of each season, one form for all sources';
COMMENT ON COLUMN staging.source_champions.series_id IS 'The series: cup, nxs or truck';
COMMENT ON COLUMN staging.source_champions.title IS 'driver or manufacturer';
COMMENT ON COLUMN staging.source_champions.champion IS 'The name of the driver or the make';
COMMENT ON COLUMN staging.source_champions.note IS 'What is to be known of it';
