-- Grain: fact, reading, verification (may be NULL)
CREATE OR REPLACE TABLE core.fact_precedence AS
WITH declared AS (
  SELECT
    fact,
    reading,
    verification,
    precedence::INTEGER AS precedence,
    coalesce(tolerance::DOUBLE, 0) AS tolerance,
    reason
  FROM seeds.fact_precedence
),
known AS (
  SELECT reading FROM staging.source_races
  UNION
  SELECT reading FROM staging.source_results
  UNION
  SELECT reading FROM staging.source_margins
),
undeclared AS (
  -- The default of a fact is for every kind of source value that it does not list, in the order of their names.
  SELECT
    defaults.fact,
    known.reading,
    (defaults.precedence + row_number() OVER (PARTITION BY defaults.fact ORDER BY known.reading) - 1)::INTEGER AS precedence,
    defaults.tolerance,
    defaults.reason
  FROM declared AS defaults
  CROSS JOIN known
  LEFT JOIN declared ON defaults.fact = declared.fact AND known.reading = declared.reading
  WHERE defaults.reading = '*' AND declared.fact IS NULL
)
SELECT fact, reading, nullif(verification, '') AS verification, precedence, tolerance, reason
FROM declared
WHERE reading <> '*'
UNION ALL
SELECT fact, reading, NULL, precedence, tolerance, reason
FROM undeclared;
COMMENT ON TABLE core.fact_precedence IS 'Which kind of source value is preferred for each fact: sql/seeds/fact_precedence.csv, its defaults written out';
COMMENT ON COLUMN core.fact_precedence.fact IS 'A column of core.races or core.results, race_number, schedule, entry (whose list counts), margin, margin_text (whose words)';
COMMENT ON COLUMN core.fact_precedence.reading IS 'The kind of source value';
COMMENT ON COLUMN core.fact_precedence.verification IS 'How well the source value must be supported, for margins; NULL for any';
COMMENT ON COLUMN core.fact_precedence.precedence IS 'The lowest that states the fact is selected';
COMMENT ON COLUMN core.fact_precedence.tolerance IS 'How far the source value may be off without contradicting another, in the unit of the fact';
COMMENT ON COLUMN core.fact_precedence.reason IS 'What speaks for it';
