-- Grain: race_id, basis, reading, verification, margin_text (may be NULL)
CREATE OR REPLACE TABLE core.margins AS
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
in_doubt AS (
  SELECT race_id
  FROM core.finish_orders
  WHERE basis = 'line' AND is_in_doubt
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
),
readings AS (
  SELECT stated.* EXCLUDE (basis), coalesce(stated.basis, bases.basis) AS basis
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
    laps_behind.document_id
  FROM laps_behind
),
on_the_line AS (
  -- What a source says of the line alone, where a disqualification made another official margin.
  SELECT race_id, min(margin_seconds) AS margin_seconds
  FROM stated
  WHERE basis = 'line'
  GROUP BY race_id
),
typed AS (
  SELECT
    readings.race_id,
    readings.basis,
    readings.reading,
    ranks.precedence,
    citations.precedence AS citation_order,
    documents.source_id,
    readings.verification,
    readings.margin_text,
    readings.margin_kind,
    readings.margin_value::DECIMAL(12, 4) AS margin_value,
    readings.margin_unit,
    readings.margin_seconds::DECIMAL(9, 4) AS margin_seconds,
    readings.margin_decimals::INTEGER AS margin_decimals,
    readings.is_lower_bound,
    readings.is_approximate,
    CASE
      WHEN coalesce(races.race_date, make_date(races.season, 1, 1)) >= eras.first_date::DATE THEN eras.timing
      WHEN readings.margin_kind = 'time' THEN 'hand_timed'
      ELSE 'judged'
    END AS timing,
    coalesce(readings.source_url, documents.url) AS source_url,
    readings.document_id
  FROM readings
  INNER JOIN staging.documents AS documents ON readings.document_id = documents.document_id
  INNER JOIN core.races AS races ON readings.race_id = races.race_id
  INNER JOIN core.fact_precedence AS ranks
    ON
      ranks.fact = 'margin'
      AND readings.reading = ranks.reading
      AND readings.verification = coalesce(ranks.verification, readings.verification)
  INNER JOIN core.fact_precedence AS citations ON citations.fact = 'margin_text' AND readings.reading = citations.reading
  CROSS JOIN seeds.timing_eras AS eras
),
preferred AS (
  SELECT
    typed.*,
    row_number() OVER (
      PARTITION BY typed.race_id, typed.basis
      -- After a disqualification a feed may print the official margin, which is not that of the line. And never over an
      -- exact figure of whatever source: what is in doubt, rounded words, and laps that were only counted.
      ORDER BY
        typed.margin_kind = 'unknown',
        core.preference(
          typed.precedence,
          (on_the_line.race_id IS NULL OR abs(typed.margin_seconds - on_the_line.margin_seconds) < 0.0005)
          AND typed.verification <> 'doubtful' AND NOT typed.is_approximate AND typed.reading <> 'laps_completed'
        ),
        typed.document_id,
        -typed.margin_decimals,
        typed.margin_text
    ) AS place
  FROM typed
  LEFT JOIN on_the_line ON typed.race_id = on_the_line.race_id AND typed.basis = 'line'
),
agreeing AS (
  -- What the preferred source value says, in the words of the most direct one that says the same.
  SELECT stated.race_id, stated.basis, stated.reading, stated.verification, stated.margin_text
  FROM preferred AS stated
  INNER JOIN preferred AS selected
    ON
      stated.race_id = selected.race_id
      AND stated.basis = selected.basis
      AND stated.margin_kind = selected.margin_kind
      AND stated.margin_unit IS NOT DISTINCT FROM selected.margin_unit
      AND stated.margin_value IS NOT DISTINCT FROM selected.margin_value
  -- A printed margin is one of the line: where it is in doubt whose, it is no more than a source value.
  ANTI JOIN in_doubt ON selected.race_id = in_doubt.race_id
  WHERE selected.place = 1 AND selected.margin_kind <> 'unknown'
  QUALIFY row_number() OVER (
    PARTITION BY stated.race_id, stated.basis ORDER BY stated.citation_order, stated.precedence, stated.document_id, stated.margin_text
  ) = 1
)
SELECT preferred.* EXCLUDE (place), agreeing.race_id IS NOT NULL AS is_selected
FROM preferred
LEFT JOIN agreeing
  ON
    preferred.race_id = agreeing.race_id
    AND preferred.basis = agreeing.basis
    AND preferred.reading = agreeing.reading
    AND preferred.verification = agreeing.verification
    AND preferred.margin_text IS NOT DISTINCT FROM agreeing.margin_text;
COMMENT ON TABLE core.margins IS 'Every source value of the margin of victory of a race, typed; core.race_margins has the selected one';
COMMENT ON COLUMN core.margins.basis IS 'line: between the first two cars on the line, as record lists print it; official: between the first two after disqualifications';
COMMENT ON COLUMN core.margins.reading IS 'Where it was read: a kind of document, or gap, which is the runner-up''s measured time behind the winner';
COMMENT ON COLUMN core.margins.precedence IS 'The lowest known one is selected; sql/seeds/fact_precedence.csv has the reasons';
COMMENT ON COLUMN core.margins.citation_order IS 'Of readings that say the same, the lowest is cited';
COMMENT ON COLUMN core.margins.source_id IS 'The source';
COMMENT ON COLUMN core.margins.margin_text IS 'What the source printed, verbatim; NULL for a derived reading';
COMMENT ON COLUMN core.margins.margin_seconds IS 'Seconds, for a margin of time only; unknown is NULL, never 0';
COMMENT ON COLUMN core.margins.timing IS 'electronic from 1993-05-16; before that hand_timed for times, judged for the rest';
COMMENT ON COLUMN core.margins.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN core.margins.document_id IS 'The document of the reading; see ops.documents';
COMMENT ON COLUMN core.margins.is_selected IS 'Whether core.race_margins has it: the preferred value, in the words of the most direct source that says the same';
