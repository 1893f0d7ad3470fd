-- Grain: race_id
CREATE OR REPLACE VIEW marts.closest_by_track AS
WITH compared AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY track_name) AS finishes_known,
    rank() OVER (PARTITION BY track_name ORDER BY margin_seconds) AS place
  FROM marts.closest_finishes
)
SELECT
  track_name,
  margin_seconds,
  race_id,
  season,
  race_number,
  race_date,
  race_name,
  winner,
  runner_up,
  official_margin_seconds,
  rank AS rank_of_all,
  finishes_known,
  note,
  verification,
  source_id,
  source_url,
  document_id
FROM compared
WHERE place = 1
ORDER BY margin_seconds, track_name, race_id;
COMMENT ON VIEW marts.closest_by_track IS 'The closest finish of the Cup Series at each track: official wins, electronic timing, line order';
COMMENT ON COLUMN marts.closest_by_track.margin_seconds IS 'The smallest margin in seconds';
COMMENT ON COLUMN marts.closest_by_track.finishes_known IS 'How many margins of this track are known; with few known, another finish may have been closer';
