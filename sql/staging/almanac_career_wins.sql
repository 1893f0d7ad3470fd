-- Grain: series_id, driver_name
CREATE OR REPLACE VIEW staging.almanac_career_wins AS
SELECT
  series_id,
  driver_name,
  wins::INTEGER AS wins,
  through_season::INTEGER AS through_season,
  note,
  source_url,
  document_id,
  loaded_at
FROM raw.almanac_career_wins;
COMMENT ON VIEW staging.almanac_career_wins IS 'Career wins by the record books, cast';
