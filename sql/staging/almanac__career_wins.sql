-- Grain: series_id, driver_name
CREATE OR REPLACE VIEW staging.almanac__career_wins AS
SELECT series_id, driver_name, wins, through_season, document_id
FROM staging.almanac_career_wins;
COMMENT ON VIEW staging.almanac__career_wins IS 'The career wins of the almanac in the form of staging.source_career_wins';
