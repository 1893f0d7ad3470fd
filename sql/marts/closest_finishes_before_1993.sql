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
)
SELECT
  rank() OVER (PARTITION BY timing, margin_kind ORDER BY coalesce(margin_seconds, margin_feet, margin_value))::INTEGER AS rank_in_class,
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
  round(margin_feet, 2)::DECIMAL(9, 2) AS margin_feet,
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
COMMENT ON COLUMN marts.closest_finishes_before_1993.timing IS 'hand_timed for times, judged for the rest';
COMMENT ON COLUMN marts.closest_finishes_before_1993.margin_kind IS 'time, laps, car_lengths, distance or dead_heat';
COMMENT ON COLUMN marts.closest_finishes_before_1993.race_id IS 'The race; see core.races';
COMMENT ON COLUMN marts.closest_finishes_before_1993.season IS 'The season that the race counts for';
COMMENT ON COLUMN marts.closest_finishes_before_1993.race_number IS 'Its number among the points races of the season';
COMMENT ON COLUMN marts.closest_finishes_before_1993.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN marts.closest_finishes_before_1993.race_name IS 'What it was called';
COMMENT ON COLUMN marts.closest_finishes_before_1993.track_name IS 'The venue, under its name today';
COMMENT ON COLUMN marts.closest_finishes_before_1993.winner IS 'The first driver on the line';
COMMENT ON COLUMN marts.closest_finishes_before_1993.winner_car_number IS 'The number on the winner''s car';
COMMENT ON COLUMN marts.closest_finishes_before_1993.winner_make IS 'The make of the winner''s car';
COMMENT ON COLUMN marts.closest_finishes_before_1993.runner_up IS 'The second driver on the line';
COMMENT ON COLUMN marts.closest_finishes_before_1993.runner_up_car_number IS 'The number on the runner-up''s car';
COMMENT ON COLUMN marts.closest_finishes_before_1993.runner_up_make IS 'The make of the runner-up''s car';
COMMENT ON COLUMN marts.closest_finishes_before_1993.margin_text IS 'The margin as its source prints it';
COMMENT ON COLUMN marts.closest_finishes_before_1993.margin_value IS 'The number, in margin_unit';
COMMENT ON COLUMN marts.closest_finishes_before_1993.margin_unit IS 'seconds, laps, car_lengths, inches, feet, yards or miles';
COMMENT ON COLUMN marts.closest_finishes_before_1993.is_lower_bound IS 'Whether the margin was at least this much';
COMMENT ON COLUMN marts.closest_finishes_before_1993.margin_feet IS 'A margin of distance, in feet';
COMMENT ON COLUMN marts.closest_finishes_before_1993.official_winner IS 'Who is credited with the win';
COMMENT ON COLUMN marts.closest_finishes_before_1993.note IS 'Why line and official order differ';
COMMENT ON COLUMN marts.closest_finishes_before_1993.verification IS 'For the almanac: verified, single_source, unverified';
COMMENT ON COLUMN marts.closest_finishes_before_1993.source_id IS 'The source of the margin';
COMMENT ON COLUMN marts.closest_finishes_before_1993.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN marts.closest_finishes_before_1993.document_id IS 'The document of the margin; see ops.documents';
