-- Grain: race_id, basis, reading, verification, margin_text (may be NULL)
-- Incremental: race_id
CREATE OR REPLACE TABLE core.margins AS
WITH in_doubt AS (
  SELECT race_id
  FROM core.finish_orders
  WHERE basis = 'line' AND is_in_doubt
),
on_the_line AS (
  -- What a source says of the line alone, where a disqualification made another official margin.
  SELECT race_id, min(margin_seconds) AS margin_seconds
  FROM core.margin_readings
  WHERE is_of_line_alone
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
    -- Timing has three decimals at most; a figure with more is a misprint until someone has looked, and is never ranked.
    if(readings.margin_decimals > core.finest_decimals(races.series_id), 'doubtful', readings.verification) AS verification,
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
  FROM core.margin_readings AS readings
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
