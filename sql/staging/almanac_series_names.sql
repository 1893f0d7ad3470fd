-- Grain: series_id, first_season
CREATE OR REPLACE VIEW staging.almanac_series_names AS
SELECT
  series_id,
  first_season::INTEGER AS first_season,
  last_season::INTEGER AS last_season,
  series_name,
  note,
  source_url,
  document_id,
  loaded_at
FROM raw.almanac_series_names;
COMMENT ON VIEW staging.almanac_series_names IS 'The names of the series over time, as the almanac states them, cast';
