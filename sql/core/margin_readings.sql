-- Grain: race_id, basis, reading, verification, margin_text (may be NULL)
-- Incremental: race_id
CREATE OR REPLACE TABLE core.margin_readings AS
WITH stated AS (
  SELECT coalesce(ids.race_id, if(margins.is_keyed_by_our_ids, margins.race_key, NULL)) AS race_id, margins.*
  FROM staging.source_margins AS margins
  LEFT JOIN core.source_races AS ids ON margins.source_id = ids.source_id AND margins.race_key = ids.race_key
  WHERE (ids.race_id IS NOT NULL OR margins.is_keyed_by_our_ids) AND margins.margin_kind IS NOT NULL
),
under_caution AS (
  -- By the preferred source value that there is; the gaps of a frozen field are no margins.
  SELECT stated.race_id
  FROM stated
  INNER JOIN core.fact_precedence AS ranks
    ON
      ranks.fact = 'margin'
      AND stated.reading = ranks.reading
      AND stated.verification = coalesce(ranks.verification, stated.verification)
  WHERE stated.margin_kind <> 'unknown' AND stated.basis IS NULL
  GROUP BY stated.race_id
  HAVING arg_min(stated.margin_kind, ranks.precedence) = 'under_caution'
),
disqualifications AS (
  SELECT DISTINCT coalesce(ids.race_id, if(changes.is_keyed_by_our_ids, changes.race_key, NULL)) AS race_id
  FROM staging.source_outcome_changes AS changes
  LEFT JOIN core.source_races AS ids ON changes.source_id = ids.source_id AND changes.race_key = ids.race_key
  WHERE changes.is_disqualification
),
laps_behind AS (
  -- A runner-up who completed fewer laps than the winner was at least so many laps behind.
  SELECT
    orders.race_id,
    orders.basis,
    max(results.laps_completed) FILTER (WHERE results.driver_id = orders.winner_id)
    - max(results.laps_completed) FILTER (WHERE results.driver_id = orders.runner_up_id) AS laps,
    min(orders.document_id) AS document_id
  FROM core.finish_orders AS orders
  INNER JOIN core.results AS results ON orders.race_id = results.race_id AND results.driver_id IN (orders.winner_id, orders.runner_up_id)
  INNER JOIN core.races AS races ON orders.race_id = races.race_id
  -- The order on the line is that of the results, unless a disqualification changed it. The last win by a lap was in 1994: later
  -- laps of a runner-up are a mistake of their source.
  WHERE orders.change_reason IS NULL AND NOT orders.is_in_doubt AND results.laps_completed > 0 AND races.season <= 1994
  GROUP BY orders.race_id, orders.basis
  HAVING laps >= 1
)
SELECT
  stated.race_id,
  coalesce(stated.basis, bases.basis) AS basis,
  stated.reading,
  stated.verification,
  stated.margin_text,
  stated.margin_kind,
  stated.margin_value,
  stated.margin_unit,
  stated.margin_seconds,
  stated.margin_decimals,
  stated.is_lower_bound,
  stated.is_approximate,
  coalesce(stated.basis = 'line', FALSE) AS is_of_line_alone,
  stated.source_url,
  stated.document_id
FROM stated
INNER JOIN (VALUES ('line'), ('official')) AS bases (basis) ON bases.basis = coalesce(stated.basis, bases.basis)
LEFT JOIN core.finish_orders AS orders ON stated.race_id = orders.race_id AND bases.basis = orders.basis
LEFT JOIN disqualifications ON stated.race_id = disqualifications.race_id
LEFT JOIN under_caution ON stated.race_id = under_caution.race_id
-- A printed margin is one of the line; it is official too unless one of the two was disqualified.
WHERE
  (stated.verification IS DISTINCT FROM 'derived' OR under_caution.race_id IS NULL)
  AND (
    bases.basis = 'line'
    OR stated.basis = 'official'
    OR stated.margin_kind = 'under_caution'
    OR (orders.change_reason IS NULL AND disqualifications.race_id IS NULL)
  )
UNION ALL BY NAME
SELECT
  orders.race_id,
  orders.basis,
  'gap' AS reading,
  'derived' AS verification,
  'time' AS margin_kind,
  orders.gap_seconds AS margin_value,
  'seconds' AS margin_unit,
  orders.gap_seconds AS margin_seconds,
  3 AS margin_decimals,
  FALSE AS is_lower_bound,
  FALSE AS is_approximate,
  FALSE AS is_of_line_alone,
  orders.document_id
FROM core.finish_orders AS orders
ANTI JOIN under_caution ON orders.race_id = under_caution.race_id
WHERE orders.gap_seconds > 0
UNION ALL BY NAME
SELECT
  laps_behind.race_id,
  laps_behind.basis,
  'laps_completed' AS reading,
  'derived' AS verification,
  'laps' AS margin_kind,
  laps_behind.laps AS margin_value,
  'laps' AS margin_unit,
  0 AS margin_decimals,
  TRUE AS is_lower_bound,
  FALSE AS is_approximate,
  FALSE AS is_of_line_alone,
  laps_behind.document_id
FROM laps_behind;
COMMENT ON TABLE core.margin_readings IS 'Every margin of victory that a source states or results give, on each basis that it holds for; core.margins ranks them';
COMMENT ON COLUMN core.margin_readings.basis IS 'line: between the first two cars on the line, as record lists print it; official: between the first two after disqualifications';
COMMENT ON COLUMN core.margin_readings.reading IS 'A kind of document; gap for a measured time behind the winner, laps_completed for laps that the runner-up was short';
COMMENT ON COLUMN core.margin_readings.margin_text IS 'What the source printed, verbatim; NULL for a derived margin';
COMMENT ON COLUMN core.margin_readings.margin_seconds IS 'Seconds, for a margin of time only; unknown is NULL, never 0';
COMMENT ON COLUMN core.margin_readings.is_of_line_alone IS 'Whether the source says that it is the margin on the line, and another one is official';
COMMENT ON COLUMN core.margin_readings.source_url IS 'Where the margin is published, where that is not the address of the document';
COMMENT ON COLUMN core.margin_readings.document_id IS 'The document of it; see ops.documents';
