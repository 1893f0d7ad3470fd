-- Grain: series_id, season, title
CREATE OR REPLACE VIEW staging.almanac_champions AS
SELECT
  series_id,
  season::INTEGER AS season,
  title,
  champion,
  note,
  source_url,
  document_id,
  loaded_at
FROM raw.almanac_champions;
COMMENT ON VIEW staging.almanac_champions IS 'Who won the titles of each season, as the almanac states it, cast';
