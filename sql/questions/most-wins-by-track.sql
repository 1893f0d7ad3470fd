-- Question: Who won most at each track?
-- Parameters: series = cup, season, limit = 50
-- Coverage: winner
WITH winners AS (
  SELECT track_id, driver_name, count(*) AS wins
  FROM marts.starts
  WHERE is_win AND series_id = $series AND season BETWEEN $season_from AND $season_to
  GROUP BY track_id, driver_id, driver_name
),
compared AS (
  SELECT
    *,
    sum(wins) OVER (PARTITION BY track_id) AS races,
    rank() OVER (PARTITION BY track_id ORDER BY wins DESC) AS place
  FROM winners
)
SELECT
  tracks.track_name,
  string_agg(compared.driver_name, ', ' ORDER BY compared.driver_name) AS drivers,
  max(compared.wins) AS wins,
  max(compared.races)::BIGINT AS races,
  compared.track_id
FROM compared
INNER JOIN core.tracks AS tracks ON compared.track_id = tracks.track_id
WHERE compared.place = 1
GROUP BY compared.track_id, tracks.track_name
ORDER BY races DESC, compared.track_id ASC
LIMIT $limit;
