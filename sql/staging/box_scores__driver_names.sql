-- Grain: driver_name, season, document_id
CREATE OR REPLACE VIEW staging.box_scores__driver_names AS
SELECT winner AS driver_name, season::INTEGER AS season, 1::BIGINT AS mentions, document_id
FROM staging.box_scores
WHERE winner IS NOT NULL;
COMMENT ON VIEW staging.box_scores__driver_names IS 'The winners in box scores, in the form of staging.source_driver_names';
