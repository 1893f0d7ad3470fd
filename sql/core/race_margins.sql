-- Grain: race_id, basis
-- Incremental: race_id
CREATE OR REPLACE TABLE core.race_margins AS
WITH unclear AS (
  SELECT race_id, basis, string_agg(DISTINCT margin_text, ', ' ORDER BY margin_text) AS margin_texts
  FROM core.margins
  WHERE margin_kind = 'unknown'
  GROUP BY race_id, basis
)
SELECT
  races.race_id,
  bases.basis,
  coalesce(selected.margin_kind, 'unknown') AS margin_kind,
  selected.margin_value,
  selected.margin_unit,
  selected.margin_seconds,
  selected.margin_decimals,
  coalesce(selected.is_lower_bound, FALSE) AS is_lower_bound,
  coalesce(selected.is_approximate, FALSE) AS is_approximate,
  selected.margin_text,
  coalesce(selected.timing, if(coalesce(races.race_date, make_date(races.season, 1, 1)) >= eras.first_date::DATE, eras.timing, 'judged')) AS timing,
  orders.winner_id,
  orders.runner_up_id,
  orders.change_reason,
  coalesce(orders.is_line_order_known, FALSE) AS is_line_order_known,
  CASE
    WHEN selected.margin_kind = 'under_caution' THEN 'finished under caution: the field was frozen, so there is no margin'
    WHEN selected.margin_kind IS NOT NULL THEN NULL
    WHEN orders.is_in_doubt THEN orders.line_order_missing_reason
    WHEN bases.basis = 'official' AND orders.change_reason IS NOT NULL THEN 'the gaps behind the official winner were not measured'
    WHEN unclear.margin_texts = '0' THEN 'a source states 0, which is unknown or less than a thousandth of a second'
    WHEN unclear.margin_texts IS NOT NULL THEN 'a source states "' || unclear.margin_texts || '", which is not an exact margin'
    ELSE coalesce(facts.margin_missing_reason, 'no source states it')
  END AS missing_reason,
  selected.reading,
  selected.verification,
  coalesce(selected.source_id, races.source_id) AS source_id,
  selected.source_url,
  coalesce(selected.document_id, races.document_id) AS document_id
FROM core.races AS races
CROSS JOIN (VALUES ('line'), ('official')) AS bases (basis)
CROSS JOIN seeds.timing_eras AS eras
LEFT JOIN core.race_selections AS facts ON races.race_id = facts.race_id
LEFT JOIN core.margins AS selected ON races.race_id = selected.race_id AND bases.basis = selected.basis AND selected.is_selected
LEFT JOIN core.finish_orders AS orders ON races.race_id = orders.race_id AND bases.basis = orders.basis
LEFT JOIN unclear ON races.race_id = unclear.race_id AND bases.basis = unclear.basis;
COMMENT ON TABLE core.race_margins IS 'The margin of victory of each race that is selected, on either basis';
COMMENT ON COLUMN core.race_margins.basis IS 'line: between the first two cars on the line, as record lists print it; official: between the first two after disqualifications';
COMMENT ON COLUMN core.race_margins.margin_seconds IS 'Seconds, for a margin of time only; unknown is NULL, never 0';
COMMENT ON COLUMN core.race_margins.margin_text IS 'What the source printed, verbatim; NULL for a derived margin';
COMMENT ON COLUMN core.race_margins.winner_id IS 'The first driver; of the line, the official one where that is not known';
COMMENT ON COLUMN core.race_margins.runner_up_id IS 'The second driver on this basis, likewise';
COMMENT ON COLUMN core.race_margins.is_line_order_known IS 'Whether the first two on the line were measured, or a source says who they were; see ops.unknown_line_orders';
COMMENT ON COLUMN core.race_margins.change_reason IS 'Which of the first two on the line were disqualified, the reason why the two bases differ; NULL when none was';
COMMENT ON COLUMN core.race_margins.reading IS 'Where it was read: weekend_feed, season_index, almanac, or gap; see core.margins';
COMMENT ON COLUMN core.race_margins.source_id IS 'The source';
COMMENT ON COLUMN core.race_margins.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN core.race_margins.document_id IS 'The document of the reading; see ops.documents';
