-- Grain: race_id, basis
-- Incremental: race_id
CREATE OR REPLACE TABLE core.finish_orders AS
WITH official AS (
  SELECT
    race_id,
    min(driver_id) FILTER (WHERE finish_position = 1) AS winner_id,
    min(driver_id) FILTER (WHERE finish_position = 2) AS runner_up_id,
    min(gap_seconds) FILTER (WHERE finish_position = 1) AS winner_gap_seconds,
    min(gap_seconds) FILTER (WHERE finish_position = 2) AS runner_up_gap_seconds,
    count(DISTINCT line_position) FILTER (WHERE line_position <= 2) = 2 AS is_line_placed,
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
doubts AS (
  SELECT race_id, string_agg(driver_name || ' in place ' || finish_position, ' and ' ORDER BY finish_position) AS drivers
  FROM core.places_in_doubt
  GROUP BY race_id
),
knowledge AS (
  SELECT
    official.race_id,
    CASE
      WHEN official.is_line_placed OR stated.race_id IS NOT NULL THEN NULL
      WHEN doubts.race_id IS NOT NULL
        THEN doubts.drivers || ' ran all laps of the winner: who crossed the line first is in doubt'
      ELSE 'no source states in which order the cars crossed the line'
    END AS line_order_missing_reason,
    line_order_missing_reason IS NOT NULL AND doubts.race_id IS NOT NULL AS is_in_doubt
  FROM official
  LEFT JOIN core.stated_line_orders AS stated ON official.race_id = stated.race_id
  LEFT JOIN doubts ON official.race_id = doubts.race_id
),
line AS (
  SELECT
    official.race_id,
    -- Where nothing contradicts it, the official order stands in for one that is not stated.
    if(knowledge.is_in_doubt, NULL, coalesce(first_car.driver_id, stated.winner_id, official.winner_id)) AS winner_id,
    if(knowledge.is_in_doubt, NULL, coalesce(second_car.driver_id, stated.runner_up_id, official.runner_up_id)) AS runner_up_id,
    coalesce(
      first_car.gap_seconds,
      if(knowledge.is_in_doubt OR stated.winner_id <> official.winner_id, NULL, official.winner_gap_seconds)
    ) AS winner_gap_seconds,
    coalesce(
      second_car.gap_seconds,
      if(knowledge.is_in_doubt OR stated.runner_up_id <> official.runner_up_id, NULL, official.runner_up_gap_seconds)
    ) AS runner_up_gap_seconds,
    coalesce(first_car.disqualified, stated.disqualified_first) AS disqualified_first,
    coalesce(second_car.disqualified, stated.disqualified_second) AS disqualified_second,
    official.document_id
  FROM official
  INNER JOIN knowledge ON official.race_id = knowledge.race_id
  LEFT JOIN core.stated_line_orders AS stated ON official.race_id = stated.race_id
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
  knowledge.line_order_missing_reason IS NULL AS is_line_order_known,
  knowledge.line_order_missing_reason,
  knowledge.is_in_doubt,
  line.document_id
FROM line
INNER JOIN knowledge ON line.race_id = knowledge.race_id
INNER JOIN reasons ON line.race_id = reasons.race_id
UNION ALL
SELECT
  official.race_id,
  'official',
  official.winner_id,
  official.runner_up_id,
  official.runner_up_gap_seconds - official.winner_gap_seconds,
  reasons.change_reason,
  knowledge.line_order_missing_reason IS NULL,
  knowledge.line_order_missing_reason,
  knowledge.is_in_doubt,
  official.document_id
FROM official
INNER JOIN knowledge ON official.race_id = knowledge.race_id
INNER JOIN reasons ON official.race_id = reasons.race_id;
COMMENT ON TABLE core.finish_orders IS 'The first two of each race, in the order in which they crossed the line and in the official order';
COMMENT ON COLUMN core.finish_orders.winner_id IS 'The first driver on this basis; of the line, the official one where that is not known, NULL where in doubt';
COMMENT ON COLUMN core.finish_orders.runner_up_id IS 'The second driver on this basis, likewise';
COMMENT ON COLUMN core.finish_orders.gap_seconds IS 'Measured seconds between them, NULL where not measured; under caution too, where it is no margin';
COMMENT ON COLUMN core.finish_orders.change_reason IS 'Which of the first two on the line were disqualified; NULL when none was';
COMMENT ON COLUMN core.finish_orders.is_line_order_known IS 'Whether the first two on the line were measured, or a source says who they were';
COMMENT ON COLUMN core.finish_orders.line_order_missing_reason IS 'Why it is not known, NULL where it is';
COMMENT ON COLUMN core.finish_orders.is_in_doubt IS 'Whether the places and laps of the race contradict each other, so that the printed margin may be that of another order';
