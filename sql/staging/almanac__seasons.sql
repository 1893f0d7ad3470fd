-- Grain: series_id, season
CREATE OR REPLACE VIEW staging.almanac__seasons AS
SELECT series_id, season, points_races, note, source_url, document_id
FROM staging.almanac_season_counts;
COMMENT ON VIEW staging.almanac__seasons IS 'The seasons of the almanac in the form of staging.source_seasons';
