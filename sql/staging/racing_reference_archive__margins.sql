-- Grain: race_key
CREATE OR REPLACE VIEW staging.racing_reference_archive__margins AS
SELECT
  concat_ws('-', series_id, season, lpad(race_number::VARCHAR, 2, '0')) AS race_key,
  'racing_reference_archive' AS reading,
  'printed' AS verification,
  margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  source_url,
  document_id
FROM staging.racing_reference_archive
WHERE document_id IN (SELECT document_id FROM staging.racing_reference_archive__races);
COMMENT ON VIEW staging.racing_reference_archive__margins IS 'The margins of archived pages in the form of staging.source_margins';
