-- Grain: series_id, season, fact
CREATE OR REPLACE VIEW marts.fact_coverage AS
WITH fields AS (
  SELECT
    race_id,
    count(*) AS starters,
    count(driver_id) FILTER (WHERE finish_position = 1) AS winners,
    count(start_position) AS start_positions,
    count(laps_completed) AS laps,
    -- Every race has a leader: if no car of a race led a lap, its laps led are unknown.
    CASE WHEN max(laps_led) > 0 THEN count(laps_led) END AS laps_led,
    count(*) FILTER (WHERE status_group <> 'unknown') AS statuses,
    count(manufacturer_id) AS makes,
    count(points) AS points
  FROM core.results
  WHERE is_starter
  GROUP BY race_id
),
facts AS (
  SELECT listed.fact, listed.place, listed.known_from
  FROM (
    VALUES
    ('date', 1, 'racing_data has it for the Cup since 1949, nascar_feed for all three series since 2015'),
    ('track', 2, 'every source of results has it'),
    ('winner', 3, 'every source of results has it'),
    ('results', 4, 'nascar_results has them for all three series, racing_data for the Cup'),
    ('start_positions', 5, 'the records of the first seasons lack the grid of many races'),
    ('laps', 6, 'the records of the first seasons lack the laps of many cars'),
    ('laps_led', 7, 'the sources lack the laps led of some drivers, or of all'),
    ('status', 8, 'the records of the first seasons do not say how each car ended'),
    ('make', 9, 'the sources lack the make of some cars'),
    ('points', 10, 'the sources state points for few races before 1960 and none in 1974'),
    ('margin', 11, 'nascar_feed prints it since 2018, the almanac has the closest ones, racing_reference_pages and racing_reference_archive those that were found'),
    ('average_speed', 12, 'racing_data has it for the Cup, nascar_feed for all three series since 2015'),
    ('cautions', 13, 'racing_data has it for the Cup, with gaps until 1971, nascar_feed for all three series since 2015'),
    ('lead_changes', 14, 'racing_data has it for the Cup, with gaps until 1971, nascar_feed for all three series since 2015'),
    ('pole_speed', 15, 'not every field was set by timed qualifying; racing_data has it for the Cup, nascar_feed for all three series since 2015'),
    ('race_time', 16, 'nascar_feed has it since 2015'),
    ('laps_scheduled', 17, 'nascar_feed has it since 2015')
  ) AS listed (fact, place, known_from)
),
stated AS (
  SELECT
    races.series_id,
    races.season,
    facts.fact,
    CASE facts.fact
      WHEN 'date' THEN races.race_date IS NOT NULL
      WHEN 'track' THEN races.track_id IS NOT NULL
      WHEN 'winner' THEN coalesce(fields.winners, 0) > 0
      WHEN 'results' THEN coalesce(fields.starters, 0) > 2
      WHEN 'start_positions' THEN fields.starters > 2 AND fields.start_positions = fields.starters
      WHEN 'laps' THEN fields.starters > 2 AND fields.laps = fields.starters
      WHEN 'laps_led' THEN fields.starters > 2 AND fields.laps_led = fields.starters
      WHEN 'status' THEN fields.starters > 2 AND fields.statuses = fields.starters
      WHEN 'make' THEN fields.starters > 2 AND fields.makes = fields.starters
      WHEN 'points' THEN fields.starters > 2 AND fields.points = fields.starters
      WHEN 'margin' THEN finishes.margin_kind <> 'unknown'
      WHEN 'average_speed' THEN races.average_speed_mph IS NOT NULL
      WHEN 'cautions' THEN races.cautions IS NOT NULL
      WHEN 'lead_changes' THEN races.lead_changes IS NOT NULL
      WHEN 'pole_speed' THEN races.pole_speed_mph IS NOT NULL
      WHEN 'race_time' THEN races.race_time_seconds IS NOT NULL
      WHEN 'laps_scheduled' THEN races.laps_scheduled IS NOT NULL
    END AS is_stated
  FROM core.races AS races
  CROSS JOIN facts
  LEFT JOIN fields ON races.race_id = fields.race_id
  LEFT JOIN marts.finishes AS finishes ON races.race_id = finishes.race_id AND finishes.basis = 'line'
  WHERE races.race_number IS NOT NULL
),
counted AS (
  SELECT series_id, season, fact, count(*) AS races_known, count(*) FILTER (WHERE is_stated) AS races_with_fact
  FROM stated
  GROUP BY series_id, season, fact
),
seasons AS (
  SELECT series_id, season, points_races
  FROM core.seasons
  UNION ALL
  SELECT DISTINCT races.series_id, races.season, cast(NULL AS INTEGER)
  FROM core.races AS races
  LEFT JOIN core.seasons AS listed ON races.series_id = listed.series_id AND races.season = listed.season
  WHERE races.race_number IS NOT NULL AND listed.series_id IS NULL
),
compared AS (
  SELECT
    seasons.series_id,
    seasons.season,
    facts.fact,
    facts.place,
    facts.known_from,
    coalesce(counted.races_with_fact, 0) AS races_with_fact,
    coalesce(counted.races_known, 0) AS races_known,
    coalesce(seasons.points_races, counted.races_known, 0) AS races_of_season
  FROM seasons
  CROSS JOIN facts
  LEFT JOIN counted
    ON seasons.series_id = counted.series_id AND seasons.season = counted.season AND facts.fact = counted.fact
)
SELECT
  series_id,
  season,
  fact,
  races_with_fact,
  races_known,
  races_of_season,
  CASE
    WHEN races_with_fact = 0 THEN 'none'
    WHEN races_with_fact >= races_of_season THEN 'complete'
    ELSE 'partial'
  END AS coverage,
  CASE
    WHEN races_with_fact >= races_of_season AND races_with_fact > 0 THEN NULL
    WHEN races_known = 0 THEN 'no source with this season was ingested'
    WHEN races_with_fact >= races_known THEN (races_of_season - races_known) || ' of ' || races_of_season || ' races not in any ingested source'
    ELSE (races_of_season - races_with_fact) || ' of ' || races_of_season || ' races without it: ' || known_from
  END AS why
FROM compared
ORDER BY series_id, season, place;
COMMENT ON VIEW marts.fact_coverage IS 'For how many races of each season a fact is known, and why not for more; a fact of each car counts when no starter lacks it';
COMMENT ON COLUMN marts.fact_coverage.fact IS 'The fact: results, start_positions, laps, laps_led, status, make and points are of each car, the others of the race';
COMMENT ON COLUMN marts.fact_coverage.races_with_fact IS 'Points races with the fact; for the margin also those that finished under caution';
COMMENT ON COLUMN marts.fact_coverage.races_known IS 'Points races in the warehouse';
COMMENT ON COLUMN marts.fact_coverage.races_of_season IS 'Points races of the season by the record books; those in the warehouse if the books do not list the season';
COMMENT ON COLUMN marts.fact_coverage.coverage IS 'complete, partial or none';
COMMENT ON COLUMN marts.fact_coverage.why IS 'What is missing and which sources have it; NULL when nothing is missing';
