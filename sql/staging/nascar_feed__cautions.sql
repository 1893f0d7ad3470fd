-- Grain: race_key, start_lap, end_lap
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__cautions AS
SELECT
  cautions.race_id_nascar_feed::VARCHAR AS race_key,
  cautions.start_lap::INTEGER AS start_lap,
  cautions.end_lap::INTEGER AS end_lap,
  if(cautions.reason IS NULL, NULL, coalesce(reasons.caution_reason, 'unknown')) AS caution_reason,
  cautions.reason AS reason_text,
  cautions.comment,
  cautions.beneficiary_car_number,
  cautions.document_id
FROM staging.nascar_feed_cautions AS cautions
LEFT JOIN seeds.caution_reasons AS reasons ON cautions.reason = reasons.reason;
COMMENT ON VIEW staging.nascar_feed__cautions IS 'The caution periods of the weekend feeds in the form of staging.source_cautions';
