-- Grain: series_id, season
CREATE OR REPLACE VIEW marts.season_summaries AS
WITH races AS (
  SELECT
    series_id,
    season,
    count(*) AS races,
    min(race_date) AS first_date,
    max(race_date) AS last_date,
    avg(lead_changes) AS lead_changes,
    avg(average_speed_mph) AS average_speed_mph,
    avg(cautions) AS cautions,
    count(lead_changes) AS races_with_lead_changes,
    count(average_speed_mph) AS races_with_average_speed,
    count(cautions) AS races_with_cautions
  FROM core.races
  WHERE race_number IS NOT NULL
  GROUP BY series_id, season
),
drivers AS (
  SELECT series_id, season, count(DISTINCT driver_id) AS drivers
  FROM marts.starts
  GROUP BY series_id, season
),
wins AS (
  SELECT
    series_id,
    season,
    driver_name,
    count(*) AS wins,
    rank() OVER (PARTITION BY series_id, season ORDER BY count(*) DESC) AS place
  FROM marts.starts
  WHERE is_win
  GROUP BY series_id, season, driver_id, driver_name
),
winners AS (
  SELECT
    series_id,
    season,
    count(*) AS winners,
    max(wins) AS most_wins,
    string_agg(driver_name, ', ' ORDER BY driver_name) FILTER (WHERE place = 1) AS most_wins_driver
  FROM wins
  GROUP BY series_id, season
),
margins AS (
  SELECT
    series_id,
    season,
    count(*) FILTER (WHERE margin_kind = 'under_caution') AS finishes_under_caution,
    count(*) FILTER (WHERE margin_kind = 'unknown') AS margins_unknown,
    count(*) FILTER (WHERE is_ranked) AS margins_timed,
    avg(margin_seconds) FILTER (WHERE is_ranked) AS mean_margin_seconds
  FROM marts.finishes
  WHERE basis = 'line' AND race_number IS NOT NULL
  GROUP BY series_id, season
),
closest AS (
  SELECT
    series_id,
    season,
    race_id,
    margin_seconds,
    row_number() OVER (PARTITION BY series_id, season ORDER BY margin_seconds, race_number) AS place
  FROM marts.finishes
  WHERE basis = 'line' AND race_number IS NOT NULL AND is_ranked
)
SELECT
  races.series_id,
  races.season,
  seasons.series_name,
  races.races,
  seasons.points_races AS races_by_record_books,
  drivers.drivers,
  winners.winners,
  races.first_date,
  races.last_date,
  winners.most_wins,
  winners.most_wins_driver,
  margins.finishes_under_caution,
  margins.margins_unknown,
  margins.margins_timed,
  cast(CASE WHEN margins.margins_unknown = 0 THEN round(margins.mean_margin_seconds, 3) END AS DECIMAL(9, 3)) AS mean_margin_seconds,
  closest.race_id AS closest_race_id,
  closest.margin_seconds AS closest_margin_seconds,
  cast(round(races.lead_changes, 2) AS DECIMAL(7, 2)) AS lead_changes_per_race,
  cast(round(races.average_speed_mph, 3) AS DECIMAL(7, 3)) AS mean_average_speed_mph,
  cast(round(races.cautions, 2) AS DECIMAL(7, 2)) AS cautions_per_race,
  races.races_with_lead_changes,
  races.races_with_average_speed,
  races.races_with_cautions
FROM races
LEFT JOIN core.seasons AS seasons ON races.series_id = seasons.series_id AND races.season = seasons.season
LEFT JOIN drivers ON races.series_id = drivers.series_id AND races.season = drivers.season
LEFT JOIN winners ON races.series_id = winners.series_id AND races.season = winners.season
LEFT JOIN margins ON races.series_id = margins.series_id AND races.season = margins.season
LEFT JOIN closest ON races.series_id = closest.series_id AND races.season = closest.season AND closest.place = 1;
COMMENT ON VIEW marts.season_summaries IS 'Each season of each series at a glance, points races only; core.champions has the champions of the Cup Series';
COMMENT ON COLUMN marts.season_summaries.races IS 'Points races in the warehouse';
COMMENT ON COLUMN marts.season_summaries.races_by_record_books IS 'Points races of the season by the record books, NULL for a season that is not over';
COMMENT ON COLUMN marts.season_summaries.drivers IS 'Drivers who started at least one of them';
COMMENT ON COLUMN marts.season_summaries.winners IS 'Drivers who won at least one';
COMMENT ON COLUMN marts.season_summaries.first_date IS 'The day of the first race; NULL without known dates';
COMMENT ON COLUMN marts.season_summaries.last_date IS 'The day of the last race in the warehouse';
COMMENT ON COLUMN marts.season_summaries.most_wins IS 'The most wins of one driver';
COMMENT ON COLUMN marts.season_summaries.most_wins_driver IS 'The driver with the most wins; several names in alphabetical order if it is shared';
COMMENT ON COLUMN marts.season_summaries.finishes_under_caution IS 'Races that are known to have finished under caution';
COMMENT ON COLUMN marts.season_summaries.margins_unknown IS 'Races without a known finish: no source says how they ended';
COMMENT ON COLUMN marts.season_summaries.margins_timed IS 'Races with an electronically timed margin, by line order';
COMMENT ON COLUMN marts.season_summaries.mean_margin_seconds IS 'Mean of these margins in seconds; NULL when a finish is unknown, since the known ones tend to be close';
COMMENT ON COLUMN marts.season_summaries.closest_race_id IS 'The race with the smallest of these margins, the earlier of two';
COMMENT ON COLUMN marts.season_summaries.closest_margin_seconds IS 'That margin in seconds; another race may have been closer if margins_unknown is not 0';
COMMENT ON COLUMN marts.season_summaries.lead_changes_per_race IS 'Mean number of lead changes, of the races with a known number';
COMMENT ON COLUMN marts.season_summaries.mean_average_speed_mph IS 'Mean of the races'' average speeds in miles an hour, of the races with a known one';
COMMENT ON COLUMN marts.season_summaries.cautions_per_race IS 'Mean number of caution periods, of the races with a known one';
COMMENT ON COLUMN marts.season_summaries.races_with_lead_changes IS 'Races with known lead changes';
COMMENT ON COLUMN marts.season_summaries.races_with_average_speed IS 'Races with a known average speed';
COMMENT ON COLUMN marts.season_summaries.races_with_cautions IS 'Races with known cautions';
