-- Grain: driver_id, series_id
CREATE OR REPLACE VIEW marts.driver_close_finishes AS
WITH timed AS (
  SELECT series_id, race_id, race_date, winner_id, winner, runner_up_id, runner_up, margin_seconds
  FROM marts.finishes
  WHERE basis = 'line' AND counts_as_official_win AND is_ranked
),
parts AS (
  SELECT series_id, race_id, race_date, winner_id AS driver_id, winner AS driver_name, TRUE AS is_won, margin_seconds
  FROM timed
  WHERE winner_id IS NOT NULL
  UNION ALL
  SELECT series_id, race_id, race_date, runner_up_id, runner_up, FALSE, margin_seconds
  FROM timed
  WHERE runner_up_id IS NOT NULL
),
ordered AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY series_id, driver_id, is_won ORDER BY margin_seconds, race_date, race_id) AS place
  FROM parts
)
SELECT
  driver_id,
  driver_name,
  series_id,
  count(*) FILTER (WHERE is_won AND margin_seconds <= 0.1) AS wins_within_tenth,
  count(*) FILTER (WHERE NOT is_won AND margin_seconds <= 0.1) AS losses_within_tenth,
  count(*) FILTER (WHERE is_won) AS wins_timed,
  count(*) FILTER (WHERE NOT is_won) AS losses_timed,
  min(CASE WHEN is_won THEN margin_seconds END) AS smallest_margin_won_seconds,
  max(CASE WHEN is_won AND place = 1 THEN race_id END) AS smallest_margin_won_race_id,
  min(CASE WHEN NOT is_won THEN margin_seconds END) AS smallest_margin_lost_seconds,
  max(CASE WHEN NOT is_won AND place = 1 THEN race_id END) AS smallest_margin_lost_race_id
FROM ordered
GROUP BY driver_id, driver_name, series_id;
COMMENT ON VIEW marts.driver_close_finishes IS 'Wins and losses of each driver by 0.1 s or less: line order, electronic timing, official wins, of finishes with a known margin';
COMMENT ON COLUMN marts.driver_close_finishes.wins_within_tenth IS 'First on the line by 0.1 s or less';
COMMENT ON COLUMN marts.driver_close_finishes.losses_within_tenth IS 'Second on the line by 0.1 s or less';
COMMENT ON COLUMN marts.driver_close_finishes.wins_timed IS 'First on the line with a known margin';
COMMENT ON COLUMN marts.driver_close_finishes.losses_timed IS 'Second on the line with a known margin';
COMMENT ON COLUMN marts.driver_close_finishes.smallest_margin_won_seconds IS 'The smallest margin of a win, in seconds; NULL without a known one';
COMMENT ON COLUMN marts.driver_close_finishes.smallest_margin_won_race_id IS 'The race with that margin, the earliest of equals; see core.races';
COMMENT ON COLUMN marts.driver_close_finishes.smallest_margin_lost_seconds IS 'The smallest margin of a second place, in seconds; NULL without a known one';
COMMENT ON COLUMN marts.driver_close_finishes.smallest_margin_lost_race_id IS 'The race with that margin, the earliest of equals; see core.races';
