-- Severity: fail
-- A finished season has as many points races as the record books say; they do not list a running season.
SELECT seasons.series_id || ' ' || seasons.season AS row_key, seasons.points_races, count(*) AS races_listed
FROM core.seasons AS seasons
INNER JOIN core.races AS races
  ON seasons.series_id = races.series_id AND seasons.season = races.season AND races.race_number IS NOT NULL
WHERE races.source_id <> 'almanac'
GROUP BY ALL
HAVING count(*) > seasons.points_races
