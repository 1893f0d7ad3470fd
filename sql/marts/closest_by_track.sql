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
COMMENT ON COLUMN marts.closest_by_track.track_name IS 'The venue, under its name today';
COMMENT ON COLUMN marts.closest_by_track.margin_seconds IS 'The smallest margin in seconds';
COMMENT ON COLUMN marts.closest_by_track.race_id IS 'The race; see core.races';
COMMENT ON COLUMN marts.closest_by_track.season IS 'The season';
COMMENT ON COLUMN marts.closest_by_track.race_number IS 'Its number among the points races of the season';
COMMENT ON COLUMN marts.closest_by_track.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN marts.closest_by_track.race_name IS 'What it was called';
COMMENT ON COLUMN marts.closest_by_track.winner IS 'The first driver on the line';
COMMENT ON COLUMN marts.closest_by_track.runner_up IS 'The second driver on the line';
COMMENT ON COLUMN marts.closest_by_track.official_margin_seconds IS 'The margin between the first two of the official order, in seconds';
COMMENT ON COLUMN marts.closest_by_track.rank_of_all IS 'Its rank among all finishes; see marts.closest_finishes';
COMMENT ON COLUMN marts.closest_by_track.finishes_known IS 'How many margins of this track are known; the closest of few is not the closest of all';
COMMENT ON COLUMN marts.closest_by_track.note IS 'Why line and official order differ';
COMMENT ON COLUMN marts.closest_by_track.verification IS 'printed, derived, or for the almanac: verified, single_source';
COMMENT ON COLUMN marts.closest_by_track.source_id IS 'The source of the margin';
COMMENT ON COLUMN marts.closest_by_track.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN marts.closest_by_track.document_id IS 'The document of the margin; see ops.documents';
