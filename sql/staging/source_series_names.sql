-- Grain: source_id, series_id, series_name
-- The columns of every staging.<source>__series_names, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_series_names AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS series_id,
  NULL::INTEGER AS first_season,
  NULL::INTEGER AS last_season,
  NULL::VARCHAR AS series_name,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_series_names IS 'The names of the series over time, one form for all sources';
COMMENT ON COLUMN staging.source_series_names.series_id IS 'The series: cup, nxs or truck';
COMMENT ON COLUMN staging.source_series_names.first_season IS 'The first season with this name';
COMMENT ON COLUMN staging.source_series_names.last_season IS 'The last season with it; NULL for the name of today';
COMMENT ON COLUMN staging.source_series_names.series_name IS 'The name';
