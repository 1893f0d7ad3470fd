-- Grain: race_id, source_url, margin_text
CREATE OR REPLACE VIEW staging.almanac_margins AS
SELECT
  race_id,
  split_part(race_id, '-', 1) AS series_id,
  split_part(race_id, '-', 2)::INTEGER AS season,
  try_cast(split_part(race_id, '-', 3) AS INTEGER) AS race_number,
  race_date::DATE AS race_date,
  race_name,
  track_name,
  winner,
  runner_up,
  margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  publisher,
  source_url,
  note,
  doubt,
  document_id,
  loaded_at
FROM raw.almanac_margins;
COMMENT ON VIEW staging.almanac_margins IS 'Margins of victory as pages print them, collected in etl/almanac/margins.csv; a row for each page';
