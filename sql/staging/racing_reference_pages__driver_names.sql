-- Grain: driver_name, season, document_id
CREATE OR REPLACE VIEW staging.racing_reference_pages__driver_names AS
SELECT driver_name, season::INTEGER AS season, count(*) AS mentions, document_id
FROM staging.racing_reference_pages_results
GROUP BY driver_name, season, document_id;
COMMENT ON VIEW staging.racing_reference_pages__driver_names IS 'The drivers in the results of saved pages, in the form of staging.source_driver_names';
