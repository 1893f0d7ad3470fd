-- Grain: source_id, series_id, season
-- The columns of every staging.<source>__seasons, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_seasons AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS series_id,
  NULL::INTEGER AS season,
  NULL::INTEGER AS points_races,
  NULL::VARCHAR AS note,
  NULL::VARCHAR AS source_url,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_seasons IS 'How many points races a season had, one form for all sources';
COMMENT ON COLUMN staging.source_seasons.series_id IS 'The series: cup, nxs or truck';
COMMENT ON COLUMN staging.source_seasons.points_races IS 'Points races of the season';
COMMENT ON COLUMN staging.source_seasons.note IS 'What is to be known of it';
