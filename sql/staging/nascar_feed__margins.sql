-- Grain: race_key, reading
CREATE OR REPLACE VIEW staging.nascar_feed__margins AS
WITH stated AS (
  SELECT 'weekend_feed' AS reading, * FROM staging.nascar_feed_weekends
  UNION ALL
  SELECT 'season_index', * FROM staging.nascar_feed_races
)
SELECT
  race_id_nascar_feed::VARCHAR AS race_key,
  reading,
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
FROM stated
WHERE margin_text IS NOT NULL;
COMMENT ON VIEW staging.nascar_feed__margins IS 'The margins that the feed prints, in the form of staging.source_margins';
