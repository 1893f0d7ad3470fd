-- Grain: race_key, driver_name
CREATE OR REPLACE VIEW staging.nascar_results__loop_statistics AS
SELECT
  race_key,
  driver_name,
  -- Of a driver who is listed with two cars, the better run.
  max(driver_rating)::DECIMAL(5, 2) AS driver_rating,
  min(document_id) AS document_id
FROM staging.nascar_results_results
WHERE driver_rating IS NOT NULL
GROUP BY race_key, driver_name;
COMMENT ON VIEW staging.nascar_results__loop_statistics IS 'The driver ratings of nascaR.data in the form of staging.source_loop_statistics';
