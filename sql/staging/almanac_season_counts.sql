-- Grain: series_id, season
CREATE OR REPLACE VIEW staging.almanac_season_counts AS
SELECT
  series_id,
  season::INTEGER AS season,
  points_races::INTEGER AS points_races,
  note,
  source_url,
  document_id,
  loaded_at
FROM raw.almanac_season_counts;
COMMENT ON VIEW staging.almanac_season_counts IS 'How many points races a season had, as the almanac states it, cast';
