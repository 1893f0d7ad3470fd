-- Grain: race_id
CREATE OR REPLACE VIEW marts.closest_finishes AS
SELECT
  cast(rank() OVER (ORDER BY margin_seconds) AS INTEGER) AS rank,
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
  AND is_ranked
ORDER BY margin_seconds, race_date, race_id;
COMMENT ON VIEW marts.closest_finishes IS 'The closest finishes of the Cup Series: official wins, electronic timing, in the order in which the cars crossed the line';
COMMENT ON COLUMN marts.closest_finishes.timing IS 'How it was measured; electronic for all of these';
