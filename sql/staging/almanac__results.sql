-- Grain: race_key, driver_name
CREATE OR REPLACE VIEW staging.almanac__results AS
WITH finishes AS (
  SELECT
    finishes.*,
    changed.official_winner AS changed_winner,
    changed.official_runner_up AS changed_runner_up,
    coalesce(changed.official_winner, finishes.winner) AS official_winner,
    coalesce(changed.official_runner_up, finishes.runner_up) AS official_runner_up,
    coalesce(changed.what IN ('winner_disqualified', 'first_and_second_disqualified'), FALSE) AS is_winner_disqualified,
    coalesce(changed.what IN ('runner_up_disqualified', 'first_and_second_disqualified'), FALSE) AS is_runner_up_disqualified
  FROM staging.almanac_finishes AS finishes
  LEFT JOIN staging.almanac_changed_outcomes AS changed ON finishes.race_id = changed.race_id
),
first_two AS (
  SELECT
    race_id,
    official_winner,
    official_runner_up,
    winner AS driver_name,
    winner_car_number AS car_number,
    winner_make AS make,
    1 AS line_position,
    is_winner_disqualified AS is_disqualified,
    document_id
  FROM finishes
  UNION ALL
  SELECT
    race_id,
    official_winner,
    official_runner_up,
    runner_up,
    runner_up_car_number,
    runner_up_make,
    2,
    is_runner_up_disqualified,
    document_id
  FROM finishes
  UNION ALL
  SELECT race_id, official_winner, official_runner_up, changed_winner, NULL, NULL, NULL, FALSE, document_id
  FROM finishes
  UNION ALL
  SELECT race_id, official_winner, official_runner_up, changed_runner_up, NULL, NULL, NULL, FALSE, document_id
  FROM finishes
),
entries AS (
  SELECT
    race_id,
    driver_name,
    car_number,
    make,
    CASE driver_name WHEN official_winner THEN 1 WHEN official_runner_up THEN 2 END AS finish_position,
    NULL::INTEGER AS laps_completed,
    NULL AS status,
    line_position,
    is_disqualified,
    document_id
  FROM first_two
  WHERE driver_name IS NOT NULL
  UNION ALL
  SELECT race_id, driver_name, car_number, make, finish_position, laps_completed, status, NULL, NULL, document_id
  FROM staging.almanac_results
),
collected AS (
  -- The first two of a race of which only the margin was collected; two pages name the same two.
  SELECT margins.race_id, min(margins.winner) AS winner, min(margins.runner_up) AS runner_up, min(margins.document_id) AS document_id
  FROM staging.almanac_margins AS margins
  ANTI JOIN staging.almanac_finishes AS finishes ON margins.race_id = finishes.race_id
  -- Where another car was disqualified, the first two stay.
  ANTI JOIN staging.almanac_changed_outcomes AS changed
    ON
      margins.race_id = changed.race_id
      AND (changed.line_winner <> changed.official_winner OR changed.line_runner_up <> changed.official_runner_up)
  GROUP BY margins.race_id
),
results AS (
  -- What the almanac lists, and the first two of its finishes, on the line and officially.
  SELECT
    race_id,
    driver_name,
    max(car_number) AS car_number,
    max(make) AS make,
    min(finish_position) AS finish_position,
    max(laps_completed) AS laps_completed,
    max(status) AS status,
    min(line_position) AS line_position,
    bool_or(is_disqualified) AS is_disqualified,
    min(document_id) AS document_id
  FROM (
    FROM entries
    UNION ALL BY NAME
    SELECT race_id, winner AS driver_name, 1 AS finish_position, FALSE AS is_disqualified, document_id FROM collected
    UNION ALL BY NAME
    SELECT race_id, runner_up AS driver_name, 2 AS finish_position, FALSE AS is_disqualified, document_id FROM collected
  ) AS mentioned
  GROUP BY race_id, driver_name
)
SELECT
  results.race_id AS race_key,
  'almanac' AS reading,
  TRUE AS is_keyed_by_our_ids,
  split_part(results.race_id, '-', 1) AS series_id,
  split_part(results.race_id, '-', 2)::INTEGER AS season,
  results.driver_name,
  results.car_number,
  results.finish_position,
  results.laps_completed,
  coalesce(statuses.status, results.status) AS status,
  if(results.status IS NULL, statuses.status_group, coalesce(statuses.status_group, 'unknown')) AS status_group,
  lower(results.make) AS make_text,
  results.is_disqualified,
  results.line_position,
  results.document_id
FROM results
LEFT JOIN seeds.result_statuses AS statuses ON lower(results.status) = statuses.status_text;
COMMENT ON VIEW staging.almanac__results IS 'The results that the almanac states or implies, in the form of staging.source_results';
