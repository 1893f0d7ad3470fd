-- Grain: race_id
CREATE OR REPLACE VIEW marts.closest_by_season AS
WITH compared AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY season) AS finishes_known,
    rank() OVER (PARTITION BY season ORDER BY margin_seconds) AS place
  FROM marts.closest_finishes
)
SELECT
  season,
  margin_seconds,
  race_id,
  track_name,
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
ORDER BY season, race_id;
COMMENT ON VIEW marts.closest_by_season IS 'The closest finish of the Cup Series at each season: official wins, electronic timing, line order';
COMMENT ON COLUMN marts.closest_by_season.season IS 'The season';
COMMENT ON COLUMN marts.closest_by_season.margin_seconds IS 'The smallest margin in seconds';
COMMENT ON COLUMN marts.closest_by_season.race_id IS 'The race; see core.races';
COMMENT ON COLUMN marts.closest_by_season.track_name IS 'The venue, under its name today';
COMMENT ON COLUMN marts.closest_by_season.race_number IS 'Its number among the points races of the season';
COMMENT ON COLUMN marts.closest_by_season.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN marts.closest_by_season.race_name IS 'What it was called';
COMMENT ON COLUMN marts.closest_by_season.winner IS 'The first driver on the line';
COMMENT ON COLUMN marts.closest_by_season.runner_up IS 'The second driver on the line';
COMMENT ON COLUMN marts.closest_by_season.official_margin_seconds IS 'The margin between the first two of the official order, in seconds';
COMMENT ON COLUMN marts.closest_by_season.rank_of_all IS 'Its rank among all finishes; see marts.closest_finishes';
COMMENT ON COLUMN marts.closest_by_season.finishes_known IS 'How many margins of this season are known; the closest of few is not the closest of all';
COMMENT ON COLUMN marts.closest_by_season.note IS 'Why line and official order differ';
COMMENT ON COLUMN marts.closest_by_season.verification IS 'printed, derived, or for the almanac: verified, single_source';
COMMENT ON COLUMN marts.closest_by_season.source_id IS 'The source of the margin';
COMMENT ON COLUMN marts.closest_by_season.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN marts.closest_by_season.document_id IS 'The document of the margin; see ops.documents';
