-- Grain: race_id, basis
CREATE OR REPLACE TABLE core.race_margins AS
WITH trusted AS (
  SELECT *
  FROM core.margins
  WHERE margin_kind <> 'unknown'
  QUALIFY row_number() OVER (PARTITION BY race_id, basis ORDER BY precedence) = 1
),
believed AS (
  -- What the most trusted reading says, in the words of the most direct one that says the same.
  SELECT margins.*
  FROM core.margins AS margins
  INNER JOIN trusted
    ON
      margins.race_id = trusted.race_id
      AND margins.basis = trusted.basis
      AND margins.margin_kind = trusted.margin_kind
      AND margins.margin_unit IS NOT DISTINCT FROM trusted.margin_unit
      AND margins.margin_value IS NOT DISTINCT FROM trusted.margin_value
  QUALIFY row_number() OVER (PARTITION BY margins.race_id, margins.basis ORDER BY margins.citation_order) = 1
)
SELECT
  races.race_id,
  bases.basis,
  coalesce(believed.margin_kind, 'unknown') AS margin_kind,
  believed.margin_value,
  believed.margin_unit,
  believed.margin_seconds,
  believed.margin_decimals,
  coalesce(believed.is_lower_bound, FALSE) AS is_lower_bound,
  coalesce(believed.is_approximate, FALSE) AS is_approximate,
  believed.margin_text,
  coalesce(believed.timing, if(coalesce(races.race_date, make_date(races.season, 1, 1)) >= eras.first_date::DATE, eras.timing, 'judged')) AS timing,
  orders.winner_id,
  orders.runner_up_id,
  orders.change_reason,
  CASE
    WHEN believed.margin_kind = 'under_caution' THEN 'finished under caution: the field was frozen, so there is no margin'
    WHEN believed.margin_kind IS NOT NULL THEN NULL
    WHEN bases.basis = 'official' AND orders.change_reason IS NOT NULL THEN 'the gaps behind the official winner were not measured'
    WHEN races.source_id = 'nascar_feed' AND races.season < 2018 THEN 'the feed has no margins before 2018'
    ELSE 'no source states it'
  END AS missing_reason,
  believed.reading,
  believed.verification,
  coalesce(believed.source_id, races.source_id) AS source_id,
  believed.source_url,
  coalesce(believed.document_id, races.document_id) AS document_id
FROM core.races AS races
CROSS JOIN (VALUES ('line'), ('official')) AS bases (basis)
CROSS JOIN seeds.timing_eras AS eras
LEFT JOIN believed ON races.race_id = believed.race_id AND bases.basis = believed.basis
LEFT JOIN core.finish_orders AS orders ON races.race_id = orders.race_id AND bases.basis = orders.basis;
COMMENT ON TABLE core.race_margins IS 'The margin of victory of each race that is believed, on either basis';
COMMENT ON COLUMN core.race_margins.basis IS 'line: between the first two cars on the line, as record lists print it; official: between the first two after disqualifications';
COMMENT ON COLUMN core.race_margins.margin_seconds IS 'Seconds, for a margin of time only; unknown is NULL, never 0';
COMMENT ON COLUMN core.race_margins.margin_text IS 'What the source printed, verbatim; NULL for a derived margin';
COMMENT ON COLUMN core.race_margins.runner_up_id IS 'The second driver on this basis';
COMMENT ON COLUMN core.race_margins.change_reason IS 'Which of the first two on the line were disqualified, the reason why the two bases differ; NULL when none was';
COMMENT ON COLUMN core.race_margins.reading IS 'Where it was read: weekend_feed, season_index, almanac, or gap; see core.margins';
COMMENT ON COLUMN core.race_margins.source_id IS 'The source';
COMMENT ON COLUMN core.race_margins.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN core.race_margins.document_id IS 'The document of the reading; see ops.documents';
