-- Grain: race_id, what
CREATE OR REPLACE VIEW staging.almanac_changed_outcomes AS
SELECT
  race_id,
  race_date::DATE AS race_date,
  what,
  line_winner,
  line_runner_up,
  official_winner,
  official_runner_up,
  line_margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  official_margin_seconds::DECIMAL(9, 4) AS official_margin_seconds,
  decided_on::DATE AS decided_on,
  note,
  source_url,
  document_id,
  loaded_at
FROM raw.almanac_changed_outcomes;
COMMENT ON VIEW staging.almanac_changed_outcomes IS 'Races whose outcome or printed margin changed, as the almanac states it, cast';
