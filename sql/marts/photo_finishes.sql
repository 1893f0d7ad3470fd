-- Grain: race_id
CREATE OR REPLACE VIEW marts.photo_finishes AS
SELECT
  series_id,
  race_id,
  season,
  race_number,
  race_date,
  race_name,
  track_name,
  winner,
  runner_up,
  margin_seconds,
  margin_inches_estimate,
  cast(floor(margin_inches_estimate / 12) AS INTEGER) AS margin_whole_feet,
  cast(margin_inches_estimate - 12 * floor(margin_inches_estimate / 12) AS DECIMAL(4, 1)) AS margin_remaining_inches,
  finish_speed_mph,
  finish_speed_method,
  source_id,
  source_url,
  document_id
FROM marts.finishes
WHERE basis = 'line' AND is_ranked AND margin_seconds <= 0.1;
COMMENT ON VIEW marts.photo_finishes IS 'Finishes within a tenth of a second in feet and inches, by a speed that is named; estimates compare tracks and break no tie';
COMMENT ON COLUMN marts.photo_finishes.margin_whole_feet IS 'The whole feet of margin_inches_estimate';
COMMENT ON COLUMN marts.photo_finishes.margin_remaining_inches IS 'The inches of margin_inches_estimate beyond its whole feet';
COMMENT ON COLUMN marts.photo_finishes.margin_inches_estimate IS 'The margin in inches at finish_speed_mph';
COMMENT ON COLUMN marts.photo_finishes.finish_speed_mph IS 'The speed at the finish in miles an hour, by finish_speed_method';
COMMENT ON COLUMN marts.photo_finishes.finish_speed_method IS 'Which speed that is: winner_last_lap, pole (of qualifying) or race_average';
