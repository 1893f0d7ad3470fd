-- Grain: margin_text
CREATE OR REPLACE VIEW staging.margin_texts AS
SELECT
  trim(margin_text) AS margin_text,
  any_value(margin_kind) AS margin_kind,
  any_value(margin_value) AS margin_value,
  any_value(margin_unit) AS margin_unit,
  any_value(margin_seconds) AS margin_seconds,
  any_value(margin_decimals) AS margin_decimals,
  any_value(is_lower_bound) AS is_lower_bound
FROM raw.margin_texts
GROUP BY trim(margin_text);
COMMENT ON VIEW staging.margin_texts IS 'What each text of a margin of victory means; texts that differ only in blanks around them mean the same';
