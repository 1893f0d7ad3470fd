-- Grain: race_key
CREATE OR REPLACE VIEW staging.box_scores__margins AS
SELECT
  concat_ws(' ', series_id, season, coalesce(race_date::VARCHAR, race_name)) AS race_key,
  'box_score' AS reading,
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
FROM staging.box_scores;
COMMENT ON VIEW staging.box_scores__margins IS 'The margins of box scores in the form of staging.source_margins';
