-- Grain: race_key, reading, basis (may be NULL), margin_text (may be NULL)
CREATE OR REPLACE VIEW staging.almanac__margins AS
WITH collected AS (
  -- Pages that print the same figure are one value, supported by as many publishers as there are behind them.
  SELECT
    race_id,
    margin_kind,
    margin_value,
    margin_unit,
    margin_seconds,
    is_lower_bound,
    is_approximate,
    max(margin_decimals) AS margin_decimals,
    count(DISTINCT publisher) AS publishers,
    bool_and(doubt IS NOT NULL) AS is_doubtful,
    arg_min(margin_text, (doubt IS NOT NULL, -margin_decimals, source_url)) AS margin_text,
    arg_min(source_url, (doubt IS NOT NULL, -margin_decimals, source_url)) AS source_url,
    min(document_id) AS document_id
  FROM staging.almanac_margins
  GROUP BY race_id, margin_kind, margin_value, margin_unit, margin_seconds, is_lower_bound, is_approximate
)
SELECT
  race_id AS race_key,
  'almanac' AS reading,
  NULL AS basis,
  TRUE AS is_keyed_by_our_ids,
  verification,
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
FROM staging.almanac_finishes
UNION ALL BY NAME
SELECT
  changed.race_id AS race_key,
  'almanac' AS reading,
  'line' AS basis,
  TRUE AS is_keyed_by_our_ids,
  'single_source' AS verification,
  changed.line_margin_text AS margin_text,
  changed.margin_kind,
  changed.margin_value,
  changed.margin_unit,
  changed.margin_seconds,
  changed.margin_decimals,
  changed.is_lower_bound,
  changed.is_approximate,
  changed.source_url,
  changed.document_id
FROM staging.almanac_changed_outcomes AS changed
ANTI JOIN staging.almanac_finishes AS finishes ON changed.race_id = finishes.race_id
WHERE
  changed.margin_kind = 'time'
  AND changed.what IN ('winner_disqualified', 'runner_up_disqualified', 'first_and_second_disqualified')
UNION ALL BY NAME
SELECT
  race_id AS race_key,
  'almanac' AS reading,
  'official' AS basis,
  TRUE AS is_keyed_by_our_ids,
  'single_source' AS verification,
  'time' AS margin_kind,
  official_margin_seconds::DECIMAL(12, 4) AS margin_value,
  'seconds' AS margin_unit,
  official_margin_seconds AS margin_seconds,
  3::TINYINT AS margin_decimals,
  FALSE AS is_lower_bound,
  FALSE AS is_approximate,
  source_url,
  document_id
FROM staging.almanac_changed_outcomes
WHERE
  official_margin_seconds IS NOT NULL
  AND what IN ('winner_disqualified', 'runner_up_disqualified', 'first_and_second_disqualified')
UNION ALL BY NAME
SELECT
  race_id AS race_key,
  'collected_page' AS reading,
  NULL AS basis,
  TRUE AS is_keyed_by_our_ids,
  CASE
    WHEN is_doubtful THEN 'doubtful'
    WHEN is_approximate THEN 'rounded'
    WHEN publishers > 1 THEN 'verified'
    ELSE 'single_source'
  END AS verification,
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
FROM collected;
COMMENT ON VIEW staging.almanac__margins IS 'The margins that the almanac states, in the form of staging.source_margins; official ones where a disqualification made another';
