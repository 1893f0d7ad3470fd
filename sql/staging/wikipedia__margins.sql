-- Grain: race_key
CREATE OR REPLACE VIEW staging.wikipedia__margins AS
SELECT
  race_key,
  'wikipedia' AS reading,
  'printed' AS verification,
  margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  document_id
FROM staging.wikipedia_closest_finishes;
COMMENT ON VIEW staging.wikipedia__margins IS 'The margins of the list of closest finishes in the form of staging.source_margins';
