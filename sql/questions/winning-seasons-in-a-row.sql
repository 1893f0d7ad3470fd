-- Question: Who won at least one race in the most seasons in a row?
-- Parameters: series = cup, season, limit = 20
-- Coverage: winner
WITH seasons AS (
  SELECT
    driver_id,
    driver_name,
    season,
    count(*) AS wins,
    season - row_number() OVER (PARTITION BY driver_id ORDER BY season) AS streak
  FROM marts.starts
  WHERE is_win AND series_id = $series AND season BETWEEN $season_from AND $season_to
  GROUP BY driver_id, driver_name, season
)
SELECT
  count(*) AS seasons_in_a_row,
  driver_name,
  min(season) AS first_season,
  max(season) AS last_season,
  sum(wins)::BIGINT AS wins,
  driver_id
FROM seasons
GROUP BY driver_id, driver_name, streak
ORDER BY seasons_in_a_row DESC, first_season ASC, driver_id ASC
LIMIT $limit;
