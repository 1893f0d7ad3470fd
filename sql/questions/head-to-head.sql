-- Question: Which of two drivers finished ahead more often?
-- Parameters: driver, other, series = cup, season
-- Example: --driver "denny hamlin" --other "kyle busch"
-- Coverage: results
WITH shared AS (
  SELECT
    mine.driver_name,
    theirs.driver_name AS other_driver_name,
    mine.season,
    mine.finish_position,
    theirs.finish_position AS other_finish_position,
    mine.is_win,
    theirs.is_win AS other_is_win
  FROM marts.starts AS mine
  INNER JOIN marts.starts AS theirs ON mine.race_id = theirs.race_id
  WHERE
    mine.driver_id = $driver
    AND theirs.driver_id = $other
    AND mine.series_id = $series
    AND mine.season BETWEEN $season_from AND $season_to
)
SELECT
  driver_name,
  other_driver_name,
  count(*) AS races,
  count(*) FILTER (WHERE finish_position < other_finish_position) AS ahead,
  count(*) FILTER (WHERE finish_position > other_finish_position) AS behind,
  count(*) FILTER (WHERE is_win) AS wins,
  count(*) FILTER (WHERE other_is_win) AS other_wins,
  round(avg(finish_position), 2) AS average_finish,
  round(avg(other_finish_position), 2) AS other_average_finish,
  min(season) AS first_season,
  max(season) AS last_season
FROM shared
GROUP BY driver_name, other_driver_name;
