-- Severity: warn
-- An event of race_events.csv is one race in each of its seasons: a new name of a sponsor may need another pattern.
WITH whole AS (
  SELECT seasons.series_id, seasons.season, list(DISTINCT races.track_id) AS track_ids
  FROM core.seasons AS seasons
  INNER JOIN core.races AS races
    ON seasons.series_id = races.series_id AND seasons.season = races.season AND races.race_number IS NOT NULL
  WHERE races.source_id <> 'almanac'
  GROUP BY seasons.series_id, seasons.season, seasons.points_races
  HAVING count(*) >= seasons.points_races
),
editions AS (
  SELECT event_id, series_id, season, count(*) AS editions
  FROM core.races
  WHERE event_id IS NOT NULL
  GROUP BY event_id, series_id, season
)
SELECT events.event_id || ' ' || whole.season AS row_key, 0 AS editions
FROM seeds.race_events AS events
INNER JOIN whole
  ON
    events.series_id = whole.series_id
    AND list_contains(whole.track_ids, events.track_id)
    AND whole.season BETWEEN events.first_season::INTEGER AND coalesce(events.last_season::INTEGER, 9999)
ANTI JOIN editions
  ON events.event_id = editions.event_id AND whole.series_id = editions.series_id AND whole.season = editions.season
UNION ALL
SELECT event_id || ' ' || season AS row_key, editions
FROM editions
WHERE editions > 1
