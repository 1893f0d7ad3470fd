-- Grain: series_id, season, driver_id
CREATE OR REPLACE VIEW marts.standings AS
WITH stated AS (
  SELECT
    series_id,
    season,
    race_id,
    count(*) = count(points) AS has_points
  FROM marts.starts
  GROUP BY series_id, season, race_id
),
seasons AS (
  SELECT
    stated.series_id,
    stated.season,
    count(*) AS races,
    count(*) FILTER (WHERE stated.has_points) AS races_with_points,
    coalesce(max(known.points_races), count(*)) AS races_of_season,
    -- Until 1974 the sources' points add up to the record books' totals for some champions only.
    stated.series_id = 'cup' AND stated.season < 1975 AS is_before_sums,
    -- From these seasons on the points of playoff drivers were reset before the last races.
    stated.season >= CASE stated.series_id WHEN 'cup' THEN 2004 ELSE 2016 END AS has_playoffs
  FROM stated
  LEFT JOIN core.seasons AS known ON stated.series_id = known.series_id AND stated.season = known.season
  GROUP BY stated.series_id, stated.season
)
SELECT
  drivers.series_id,
  drivers.season,
  CASE
    WHEN seasons.races_with_points = seasons.races AND NOT seasons.is_before_sums
      THEN cast(rank() OVER (PARTITION BY drivers.series_id, drivers.season ORDER BY drivers.points DESC NULLS LAST) AS BIGINT)
  END AS position,
  drivers.driver_id,
  drivers.driver_name,
  CASE WHEN seasons.races_with_points > 0 THEN drivers.points END AS points,
  drivers.wins,
  drivers.starts,
  seasons.races,
  seasons.races_with_points,
  seasons.races_with_points >= seasons.races_of_season AND NOT seasons.is_before_sums AS is_complete,
  CASE
    WHEN seasons.races_with_points = 0 THEN 'no source states points'
    WHEN seasons.is_before_sums THEN 'the points that the sources state are not all that were given'
    WHEN seasons.races_with_points < seasons.races THEN 'the points of some races are not stated'
    WHEN seasons.races_with_points < seasons.races_of_season THEN 'some races of the season are not known here'
    WHEN seasons.has_playoffs THEN 'points were reset for the playoffs: the champion may be another'
  END AS note
FROM marts.driver_seasons AS drivers
INNER JOIN seasons ON drivers.series_id = seasons.series_id AND drivers.season = seasons.season;
COMMENT ON VIEW marts.standings IS 'Drivers by the sum of their points; not the official standings, which have penalties and, from 2004 (Cup) and 2016, playoff resets';
COMMENT ON COLUMN marts.standings.position IS 'Place by points, shared by equals; NULL if points of a race are unknown; see note: first is not always the champion';
COMMENT ON COLUMN marts.standings.points IS 'Sum of the known points, NULL when all are unknown; without Daytona qualifiers from 2017 on, penalties and resets';
COMMENT ON COLUMN marts.standings.races IS 'Points races of the season in the warehouse';
COMMENT ON COLUMN marts.standings.races_with_points IS 'Of these, races with the points of every driver who started';
COMMENT ON COLUMN marts.standings.is_complete IS 'Whether the warehouse has every race of the season with the points of every starter; never in the Cup before 1975';
COMMENT ON COLUMN marts.standings.note IS 'Why it differs from the official standings; NULL when only penalties can differ';
