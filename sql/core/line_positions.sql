-- Grain: race_id, entry_key
-- Incremental: race_id
CREATE OR REPLACE TABLE core.line_positions AS
WITH stated AS (
  -- As the source that measured the gaps has the race.
  SELECT
    readings.race_id,
    readings.entry_key,
    coalesce(corrections.finish_position::INTEGER, readings.finish_position) AS finish_position,
    readings.is_disqualified,
    readings.laps_completed,
    max(readings.laps_completed) OVER (PARTITION BY readings.race_id, readings.reading) AS laps_of_winner,
    readings.gap_milliseconds
  FROM core.result_readings AS readings
  INNER JOIN core.fact_precedence AS ranks ON ranks.fact = 'gap_milliseconds' AND readings.reading = ranks.reading
  LEFT JOIN seeds.result_corrections AS corrections
    ON readings.race_id = corrections.race_id AND readings.driver_id = corrections.driver_id
  WHERE readings.has_gaps AND readings.entry_key IS NOT NULL
  QUALIFY row_number() OVER (
    PARTITION BY readings.race_id, readings.entry_key ORDER BY core.preference(ranks.precedence, TRUE)
  ) = 1
),
timed AS (
  SELECT
    stated.*,
    stated.laps_completed = stated.laps_of_winner AS is_on_lead_lap,
    stated.laps_completed < stated.laps_of_winner AS is_lapped,
    races.race_time_seconds / races.laps_completed AS mean_lap_seconds,
    max(stated.gap_milliseconds) FILTER (WHERE stated.finish_position = 1) OVER (PARTITION BY stated.race_id) AS gap_of_winner
  FROM stated
  INNER JOIN core.races AS races ON stated.race_id = races.race_id
),
gaps AS (
  SELECT
    *,
    CASE
      WHEN finish_position IS NULL OR is_lapped THEN NULL
      -- Zero stands for unknown, but for the car that crossed first: the winner, or one that lost the win to him.
      WHEN is_disqualified AND gap_milliseconds = 0 THEN if(gap_of_winner > 0, 0, NULL)
      WHEN finish_position = 1 THEN coalesce(gap_milliseconds, 0)
      -- A penalised car may carry a made-up gap, of more than a lap on the lead lap.
      WHEN gap_milliseconds > 0 AND gap_milliseconds < 1000 * mean_lap_seconds THEN gap_milliseconds
    END AS line_gap_milliseconds
  FROM timed
),
unmeasured AS (
  SELECT race_id, min(finish_position) AS finish_position
  FROM gaps
  WHERE line_gap_milliseconds IS NULL AND finish_position IS NOT NULL AND is_disqualified IS NOT TRUE AND is_on_lead_lap
  GROUP BY race_id
),
measured AS (
  -- Behind a car on the lead lap whose gap was not measured, no place on the line is known.
  SELECT
    gaps.race_id,
    max(gaps.line_gap_milliseconds) FILTER (
      WHERE gaps.is_disqualified IS NOT TRUE AND gaps.finish_position < coalesce(unmeasured.finish_position, 1000)
    ) AS until_milliseconds
  FROM gaps
  LEFT JOIN unmeasured ON gaps.race_id = unmeasured.race_id
  GROUP BY gaps.race_id
)
SELECT
  gaps.race_id,
  gaps.entry_key,
  gaps.line_gap_milliseconds,
  CASE
    WHEN gaps.line_gap_milliseconds <= measured.until_milliseconds AND measured.until_milliseconds > 0
      THEN rank() OVER (PARTITION BY gaps.race_id ORDER BY gaps.line_gap_milliseconds NULLS LAST)
  END AS line_position
FROM gaps
INNER JOIN measured ON gaps.race_id = measured.race_id;
COMMENT ON TABLE core.line_positions IS 'The order in which cars crossed the line, by the gaps that a source measured';
COMMENT ON COLUMN core.line_positions.line_gap_milliseconds IS 'Milliseconds behind the winner, 0 for the winner; NULL where it was not measured, or is made up';
COMMENT ON COLUMN core.line_positions.line_position IS 'The place in which the car crossed the line, as far as gaps were measured without a hole; NULL where unknown';
