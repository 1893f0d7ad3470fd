-- Grain: race_key
CREATE OR REPLACE VIEW staging.wikipedia_races__margins AS
SELECT
  season || ' ' || race_name AS race_key,
  'wikipedia_article' AS reading,
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
FROM staging.wikipedia_races
WHERE margin_text IS NOT NULL;
COMMENT ON VIEW staging.wikipedia_races__margins IS 'The margins in articles about races in the form of staging.source_margins';
