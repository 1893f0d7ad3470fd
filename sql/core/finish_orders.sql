-- Grain: race_id, basis
CREATE OR REPLACE TABLE core.finish_orders AS
WITH official AS (
  SELECT
    race_id,
    min(driver_id) FILTER (WHERE finish_position = 1) AS winner_id,
    min(driver_id) FILTER (WHERE finish_position = 2) AS runner_up_id,
    min(gap_seconds) FILTER (WHERE finish_position = 1) AS winner_gap_seconds,
    min(gap_seconds) FILTER (WHERE finish_position = 2) AS runner_up_gap_seconds,
    min(document_id) AS document_id
  FROM core.results
  GROUP BY race_id
),
on_the_line AS (
  -- Two cars may share a place; then the officials said who is first.
  SELECT
    race_id,
    driver_id,
    gap_seconds,
    if(is_disqualified, driver_name_as_listed, NULL) AS disqualified,
    row_number() OVER (PARTITION BY race_id ORDER BY line_position, finish_position, driver_id) AS place
  FROM core.results
  WHERE line_position <= 2
  -- Nothing but a disqualification makes another order of what the officials scored.
  QUALIFY bool_or(is_disqualified) OVER (PARTITION BY race_id)
),
line AS (
  SELECT
    official.race_id,
    coalesce(first_car.driver_id, official.winner_id) AS winner_id,
    coalesce(second_car.driver_id, official.runner_up_id) AS runner_up_id,
    coalesce(first_car.gap_seconds, official.winner_gap_seconds) AS winner_gap_seconds,
    coalesce(second_car.gap_seconds, official.runner_up_gap_seconds) AS runner_up_gap_seconds,
    first_car.disqualified AS disqualified_first,
    second_car.disqualified AS disqualified_second,
    official.document_id
  FROM official
  LEFT JOIN on_the_line AS first_car ON official.race_id = first_car.race_id AND first_car.place = 1
  LEFT JOIN on_the_line AS second_car ON official.race_id = second_car.race_id AND second_car.place = 2
),
reasons AS (
  SELECT
    race_id,
    CASE
      WHEN disqualified_first IS NOT NULL AND disqualified_second IS NOT NULL
        THEN disqualified_first || ' and ' || disqualified_second || ', first and second on the line, were disqualified'
      WHEN disqualified_first IS NOT NULL THEN disqualified_first || ', first on the line, was disqualified'
      WHEN disqualified_second IS NOT NULL THEN disqualified_second || ', second on the line, was disqualified'
    END AS change_reason
  FROM line
)
SELECT
  line.race_id,
  'line' AS basis,
  line.winner_id,
  line.runner_up_id,
  line.runner_up_gap_seconds - line.winner_gap_seconds AS gap_seconds,
  reasons.change_reason,
  line.document_id
FROM line
INNER JOIN reasons ON line.race_id = reasons.race_id
UNION ALL
SELECT
  official.race_id,
  'official',
  official.winner_id,
  official.runner_up_id,
  official.runner_up_gap_seconds - official.winner_gap_seconds,
  reasons.change_reason,
  official.document_id
FROM official
INNER JOIN reasons ON official.race_id = reasons.race_id;
COMMENT ON TABLE core.finish_orders IS 'The first two of each race, in the order in which they crossed the line and in the official order';
COMMENT ON COLUMN core.finish_orders.gap_seconds IS 'Measured seconds between them, NULL where not measured; under caution too, where it is no margin';
COMMENT ON COLUMN core.finish_orders.change_reason IS 'Which of the first two on the line were disqualified; NULL when none was';
