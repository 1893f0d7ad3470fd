-- Grain: series_id, season, title
CREATE OR REPLACE VIEW staging.almanac__champions AS
SELECT series_id, season, title, champion, note, source_url, document_id
FROM staging.almanac_champions;
COMMENT ON VIEW staging.almanac__champions IS 'The champions of the almanac in the form of staging.source_champions';
