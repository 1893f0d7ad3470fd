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
COMMENT ON VIEW marts.closest_by_season IS 'The closest finish of the Cup Series in each season: official wins, electronic timing, line order';
COMMENT ON COLUMN marts.closest_by_season.margin_seconds IS 'The smallest margin in seconds';
COMMENT ON COLUMN marts.closest_by_season.finishes_known IS 'How many margins of this season are known; with few known, another finish may have been closer';
