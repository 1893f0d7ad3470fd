-- Grain: race_id
CREATE OR REPLACE VIEW marts.closest_finishes_before_1993 AS
WITH measured AS (
  SELECT
    *,
    margin_value * CASE margin_unit
      WHEN 'inches' THEN 1 / 12.0 WHEN 'feet' THEN 1 WHEN 'yards' THEN 3 WHEN 'miles' THEN 5280
    END AS margin_feet
  FROM marts.finishes
  WHERE
    series_id = 'cup'
    AND basis = 'line'
    AND counts_as_official_win
    AND timing <> 'electronic'
    AND margin_kind NOT IN ('unknown', 'under_caution')
    AND NOT is_approximate
    AND verification <> 'doubtful'
)
SELECT
  cast(rank() OVER (PARTITION BY timing, margin_kind ORDER BY coalesce(margin_seconds, margin_feet, margin_value)) AS INTEGER) AS rank_in_class,
  timing,
  margin_kind,
  race_id,
  season,
  race_number,
  race_date,
  race_name,
  track_name,
  winner,
  winner_car_number,
  winner_make,
  runner_up,
  runner_up_car_number,
  runner_up_make,
  margin_text,
  margin_value,
  margin_unit,
  is_lower_bound,
  cast(round(margin_feet, 2) AS DECIMAL(9, 2)) AS margin_feet,
  official_winner,
  note,
  verification,
  source_id,
  source_url,
  document_id
FROM measured
ORDER BY timing, margin_kind, rank_in_class, race_date;
COMMENT ON VIEW marts.closest_finishes_before_1993 IS 'Finishes of the Cup Series from before electronic timing, each ranked within its kind of measurement and never with another';
COMMENT ON COLUMN marts.closest_finishes_before_1993.rank_in_class IS '1 for the smallest margin of the same timing and kind; equal margins share a rank';
COMMENT ON COLUMN marts.closest_finishes_before_1993.margin_kind IS 'time, laps, car_lengths, distance or dead_heat';
COMMENT ON COLUMN marts.closest_finishes_before_1993.margin_feet IS 'A margin of distance, in feet';
