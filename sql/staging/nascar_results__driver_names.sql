-- Grain: driver_name, season, document_id
CREATE OR REPLACE VIEW staging.nascar_results__driver_names AS
SELECT driver_name, season, count(*) AS mentions, document_id
FROM staging.nascar_results_results
GROUP BY driver_name, season, document_id;
COMMENT ON VIEW staging.nascar_results__driver_names IS 'The drivers in the results of nascaR.data, in the form of staging.source_driver_names';
