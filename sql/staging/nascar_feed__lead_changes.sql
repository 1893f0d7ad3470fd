-- Grain: race_key, start_lap, end_lap
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__lead_changes AS
SELECT
  race_id_nascar_feed::VARCHAR AS race_key,
  start_lap::INTEGER AS start_lap,
  end_lap::INTEGER AS end_lap,
  car_number,
  document_id
FROM staging.nascar_feed_leaders;
COMMENT ON VIEW staging.nascar_feed__lead_changes IS 'The leaders of the weekend feeds in the form of staging.source_lead_changes';
