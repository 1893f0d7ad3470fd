-- Grain: race_id, basis, reading, verification
CREATE OR REPLACE TABLE core.margins AS
WITH printed AS (
  SELECT
    ids.race_id,
    'weekend_feed' AS reading,
    'printed' AS verification,
    weekend.margin_text,
    NULL AS source_url,
    weekend.document_id
  FROM staging.nascar_feed_weekends AS weekend
  INNER JOIN core.source_races AS ids
    ON ids.source_id = 'nascar_feed' AND weekend.race_id_nascar_feed::VARCHAR = ids.race_key
  UNION ALL
  SELECT ids.race_id, 'season_index', 'printed', listed.margin_text, NULL, listed.document_id
  FROM staging.nascar_feed_races AS listed
  INNER JOIN core.source_races AS ids ON ids.source_id = 'nascar_feed' AND listed.race_id_nascar_feed::VARCHAR = ids.race_key
  UNION ALL
  SELECT race_id, 'almanac', verification, margin_text, source_url, document_id
  FROM staging.almanac_finishes
  UNION ALL
  SELECT ids.race_id, 'racing_reference_page', 'printed', pages.margin_text, NULL, pages.document_id
  FROM staging.racing_reference_pages AS pages
  INNER JOIN core.source_races AS ids
    ON ids.source_id = 'racing_reference_pages' AND pages.document_id = ids.document_id
  UNION ALL
  SELECT ids.race_id, 'wikipedia', 'printed', listed.margin_text, NULL, listed.document_id
  FROM staging.wikipedia_closest_finishes AS listed
  INNER JOIN core.source_races AS ids
    ON ids.source_id = 'wikipedia' AND listed.season || ' ' || listed.race_name = ids.race_key
),
typed AS (
  SELECT
    printed.race_id,
    printed.reading,
    printed.verification,
    printed.margin_text,
    texts.margin_kind,
    texts.margin_value,
    texts.margin_unit,
    texts.margin_seconds,
    texts.margin_decimals,
    texts.is_lower_bound,
    printed.source_url,
    printed.document_id
  FROM printed
  INNER JOIN staging.margin_texts AS texts ON printed.margin_text = texts.margin_text
),
under_caution AS (
  -- By the best reading that there is; the gaps of a frozen field are no margins.
  SELECT typed.race_id
  FROM typed
  INNER JOIN seeds.margin_precedence AS ranks ON typed.reading = ranks.reading AND typed.verification = ranks.verification
  WHERE typed.margin_kind <> 'unknown'
  GROUP BY typed.race_id
  HAVING arg_min(typed.margin_kind, ranks.precedence::INTEGER) = 'under_caution'
),
gaps AS (
  SELECT
    orders.race_id,
    orders.basis,
    orders.gap_seconds,
    orders.document_id
  FROM core.finish_orders AS orders
  ANTI JOIN under_caution ON orders.race_id = under_caution.race_id
  WHERE orders.gap_seconds > 0
),
changed AS (
  SELECT race_id, official_margin_seconds, source_url, document_id
  FROM staging.almanac_changed_outcomes
  WHERE what IN ('winner_disqualified', 'runner_up_disqualified', 'first_and_second_disqualified')
),
readings AS (
  SELECT
    typed.race_id,
    bases.basis,
    typed.* EXCLUDE (race_id)
  FROM typed
  CROSS JOIN (VALUES ('line'), ('official')) AS bases (basis)
  LEFT JOIN core.finish_orders AS orders ON typed.race_id = orders.race_id AND bases.basis = orders.basis
  -- A printed margin is one of the line; it is official too unless one of the two was disqualified.
  WHERE
    bases.basis = 'line'
    OR typed.margin_kind = 'under_caution'
    OR (orders.change_reason IS NULL AND typed.race_id NOT IN (SELECT changed.race_id FROM changed))
  UNION ALL BY NAME
  SELECT
    race_id,
    basis,
    'gap' AS reading,
    'derived' AS verification,
    'time' AS margin_kind,
    gap_seconds AS margin_value,
    'seconds' AS margin_unit,
    gap_seconds AS margin_seconds,
    3 AS margin_decimals,
    FALSE AS is_lower_bound,
    document_id
  FROM gaps
  UNION ALL BY NAME
  SELECT
    race_id,
    'official' AS basis,
    'almanac' AS reading,
    'single_source' AS verification,
    'time' AS margin_kind,
    official_margin_seconds AS margin_value,
    'seconds' AS margin_unit,
    official_margin_seconds AS margin_seconds,
    3 AS margin_decimals,
    FALSE AS is_lower_bound,
    source_url,
    document_id
  FROM changed
  WHERE official_margin_seconds IS NOT NULL
)
SELECT
  readings.race_id,
  readings.basis,
  readings.reading,
  ranks.precedence::INTEGER AS precedence,
  ranks.citation_order::INTEGER AS citation_order,
  documents.source_id,
  readings.verification,
  readings.margin_text,
  readings.margin_kind,
  readings.margin_value::DECIMAL(12, 4) AS margin_value,
  readings.margin_unit,
  readings.margin_seconds::DECIMAL(9, 4) AS margin_seconds,
  readings.margin_decimals::INTEGER AS margin_decimals,
  readings.is_lower_bound,
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
INNER JOIN seeds.margin_precedence AS ranks
  ON readings.reading = ranks.reading AND readings.verification = ranks.verification
CROSS JOIN seeds.timing_eras AS eras;
COMMENT ON TABLE core.margins IS 'Every reading of the margin of victory of a race, from every source, typed; core.race_margins has the one that is believed';
COMMENT ON COLUMN core.margins.race_id IS 'The race; see core.races';
COMMENT ON COLUMN core.margins.basis IS 'line: between the first two cars on the line, as record lists print it; official: between the first two after disqualifications';
COMMENT ON COLUMN core.margins.reading IS 'Where it was read: a kind of document, or gap, which is the runner-up''s measured time behind the winner';
COMMENT ON COLUMN core.margins.precedence IS 'The lowest known one is believed; sql/seeds/margin_precedence.csv has the reasons';
COMMENT ON COLUMN core.margins.citation_order IS 'Of readings that say the same, the lowest is cited';
COMMENT ON COLUMN core.margins.source_id IS 'The source';
COMMENT ON COLUMN core.margins.verification IS 'printed, derived, or for the almanac: verified, single_source, unverified';
COMMENT ON COLUMN core.margins.margin_text IS 'What the source printed, verbatim; NULL for a derived reading';
COMMENT ON COLUMN core.margins.margin_kind IS 'time, laps, car_lengths, distance, under_caution, dead_heat or unknown';
COMMENT ON COLUMN core.margins.margin_value IS 'The number, in margin_unit; NULL where there is none';
COMMENT ON COLUMN core.margins.margin_unit IS 'seconds, laps, car_lengths, inches, feet, yards or miles';
COMMENT ON COLUMN core.margins.margin_seconds IS 'Seconds, for a margin of time only; unknown is NULL, never 0';
COMMENT ON COLUMN core.margins.margin_decimals IS 'Digits after the point, as printed';
COMMENT ON COLUMN core.margins.is_lower_bound IS 'Whether the margin was at least this much';
COMMENT ON COLUMN core.margins.timing IS 'electronic from 1993-05-16; before that hand_timed for times, judged for the rest';
COMMENT ON COLUMN core.margins.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN core.margins.document_id IS 'The document of the reading; see ops.documents';
