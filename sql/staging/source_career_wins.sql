-- Grain: source_id, series_id, driver_name
-- The columns of every staging.<source>__career_wins, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_career_wins AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS series_id,
  NULL::VARCHAR AS driver_name,
  NULL::INTEGER AS wins,
  NULL::INTEGER AS through_season,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_career_wins IS 'Career wins by the record books, one form for all sources';
COMMENT ON COLUMN staging.source_career_wins.driver_name IS 'The driver, as in source_driver_names';
COMMENT ON COLUMN staging.source_career_wins.wins IS 'Official wins';
COMMENT ON COLUMN staging.source_career_wins.through_season IS 'The last season that is counted';
