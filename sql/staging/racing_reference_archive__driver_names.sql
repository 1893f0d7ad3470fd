-- Grain: driver_name, season, document_id
CREATE OR REPLACE VIEW staging.racing_reference_archive__driver_names AS
SELECT driver_name, season::INTEGER AS season, count(*) AS mentions, document_id
FROM staging.racing_reference_archive_results
WHERE document_id IN (SELECT document_id FROM staging.racing_reference_archive__races)
GROUP BY driver_name, season, document_id;
COMMENT ON VIEW staging.racing_reference_archive__driver_names IS 'The drivers in the results of archived pages, in the form of staging.source_driver_names';
