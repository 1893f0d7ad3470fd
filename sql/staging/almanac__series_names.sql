-- Grain: series_id, series_name
CREATE OR REPLACE VIEW staging.almanac__series_names AS
SELECT series_id, first_season, last_season, series_name, document_id
FROM staging.almanac_series_names;
COMMENT ON VIEW staging.almanac__series_names IS 'The names of series by the almanac in the form of staging.source_series_names';
