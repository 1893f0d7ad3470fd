-- Grain: race_id
CREATE OR REPLACE VIEW marts.finish_spreads AS
WITH measured AS (
  SELECT
    race_id,
    count(*) AS cars_measured,
    count(*) FILTER (WHERE line_position <= 3) AS first_three,
    count(*) FILTER (WHERE line_position <= 5) AS first_five,
    count(*) FILTER (WHERE line_position <= 10) AS first_ten,
    max(CASE WHEN line_position <= 3 THEN gap_seconds END) AS third_seconds,
    max(CASE WHEN line_position <= 5 THEN gap_seconds END) AS fifth_seconds,
    max(CASE WHEN line_position <= 10 THEN gap_seconds END) AS tenth_seconds
  FROM core.results
  WHERE line_position IS NOT NULL AND gap_seconds IS NOT NULL
  GROUP BY race_id
)
SELECT
  finishes.series_id,
  finishes.race_id,
  finishes.season,
  finishes.race_number,
  finishes.race_date,
  finishes.race_name,
  finishes.track_name,
  finishes.counts_as_official_win,
  finishes.winner,
  finishes.margin_seconds,
  CASE WHEN measured.first_three >= 3 THEN measured.third_seconds END AS first_to_third_seconds,
  CASE WHEN measured.first_five >= 5 THEN measured.fifth_seconds END AS first_to_fifth_seconds,
  CASE WHEN measured.first_ten >= 10 THEN measured.tenth_seconds END AS first_to_tenth_seconds,
  measured.cars_measured,
  finishes.source_id
FROM measured
INNER JOIN marts.finishes AS finishes ON measured.race_id = finishes.race_id AND finishes.basis = 'line'
WHERE measured.cars_measured >= 2 AND finishes.margin_kind <> 'under_caution';
COMMENT ON VIEW marts.finish_spreads IS 'How close together the first cars crossed the line, in races that did not finish under caution; measured since May 2020';
COMMENT ON COLUMN marts.finish_spreads.margin_seconds IS 'The selected margin, in seconds; it may come from another source than the gaps, NULL where unknown';
COMMENT ON COLUMN marts.finish_spreads.first_to_third_seconds IS 'Seconds from the first to the third car on the line; NULL if not measured';
COMMENT ON COLUMN marts.finish_spreads.first_to_fifth_seconds IS 'Seconds from the first to the fifth car';
COMMENT ON COLUMN marts.finish_spreads.first_to_tenth_seconds IS 'Seconds from the first to the tenth car; NULL also when fewer than ten were on the lead lap';
COMMENT ON COLUMN marts.finish_spreads.cars_measured IS 'Cars with a measured gap on the lead lap, the first included';
