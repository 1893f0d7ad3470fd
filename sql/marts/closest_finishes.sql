-- Grain: race_id
CREATE OR REPLACE VIEW marts.closest_finishes AS
SELECT
  rank() OVER (ORDER BY margin_seconds)::INTEGER AS rank,
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
  margin_seconds,
  margin_text,
  margin_feet_estimate,
  margin_feet_speed,
  official_margin_seconds,
  official_winner,
  timing,
  note,
  verification,
  source_id,
  source_url,
  document_id
FROM marts.finishes
WHERE
  series_id = 'cup'
  AND basis = 'line'
  AND counts_as_official_win
  AND timing = 'electronic'
  AND margin_kind = 'time'
ORDER BY margin_seconds, race_date;
COMMENT ON VIEW marts.closest_finishes IS 'The closest finishes of the Cup Series: official wins, electronic timing, in the order in which the cars crossed the line';
COMMENT ON COLUMN marts.closest_finishes.rank IS '1 for the smallest margin; equal margins share a rank';
COMMENT ON COLUMN marts.closest_finishes.race_id IS 'The race; see core.races';
COMMENT ON COLUMN marts.closest_finishes.season IS 'The season that the race counts for';
COMMENT ON COLUMN marts.closest_finishes.race_number IS 'Its number among the points races of the season, NULL for an exhibition';
COMMENT ON COLUMN marts.closest_finishes.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN marts.closest_finishes.race_name IS 'What it was called';
COMMENT ON COLUMN marts.closest_finishes.track_name IS 'The venue, under its name today';
COMMENT ON COLUMN marts.closest_finishes.winner IS 'The first driver on this basis';
COMMENT ON COLUMN marts.closest_finishes.winner_car_number IS 'The number on the winner''s car';
COMMENT ON COLUMN marts.closest_finishes.winner_make IS 'The make of the winner''s car';
COMMENT ON COLUMN marts.closest_finishes.runner_up IS 'The second driver on this basis';
COMMENT ON COLUMN marts.closest_finishes.runner_up_car_number IS 'The number on the runner-up''s car';
COMMENT ON COLUMN marts.closest_finishes.runner_up_make IS 'The make of the runner-up''s car';
COMMENT ON COLUMN marts.closest_finishes.margin_seconds IS 'The margin on this basis, in seconds';
COMMENT ON COLUMN marts.closest_finishes.margin_text IS 'The margin as its source prints it';
COMMENT ON COLUMN marts.closest_finishes.margin_feet_estimate IS 'An estimate of the distance: margin times speed, in feet; it breaks no tie';
COMMENT ON COLUMN marts.closest_finishes.margin_feet_speed IS 'The speed of the estimate: winner_last_lap, pole or race_average, and the miles an hour';
COMMENT ON COLUMN marts.closest_finishes.official_margin_seconds IS 'The margin between the first two of the official order, in seconds';
COMMENT ON COLUMN marts.closest_finishes.official_winner IS 'Who is credited with the win';
COMMENT ON COLUMN marts.closest_finishes.timing IS 'How it was measured; electronic for all of these';
COMMENT ON COLUMN marts.closest_finishes.note IS 'Why line and official order differ, or what else to know';
COMMENT ON COLUMN marts.closest_finishes.verification IS 'printed, derived, or for the almanac: verified, single_source';
COMMENT ON COLUMN marts.closest_finishes.source_id IS 'The source of the margin';
COMMENT ON COLUMN marts.closest_finishes.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN marts.closest_finishes.document_id IS 'The document of the margin; see ops.documents';
