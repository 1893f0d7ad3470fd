-- Grain: team_id, series_id
CREATE OR REPLACE VIEW marts.team_records AS
SELECT
  results.team_id,
  races.series_id,
  teams.team_name,
  min(races.season) AS first_season,
  max(races.season) AS last_season,
  count(DISTINCT races.season) AS seasons,
  count(DISTINCT races.race_id) AS races,
  count(*) AS starts,
  count(DISTINCT results.driver_id) AS drivers,
  count(*) FILTER (WHERE results.finish_position = 1 AND races.counts_as_official_win) AS wins,
  count(*) FILTER (WHERE results.finish_position <= 5) AS top_fives,
  count(*) FILTER (WHERE results.finish_position <= 10) AS top_tens,
  count(*) FILTER (WHERE results.start_position = 1) AS starts_from_first,
  min(CASE WHEN results.finish_position = 1 AND races.counts_as_official_win THEN races.season END) AS first_win_season,
  max(CASE WHEN results.finish_position = 1 AND races.counts_as_official_win THEN races.season END) AS last_win_season
FROM core.results AS results
INNER JOIN core.races AS races ON results.race_id = races.race_id
INNER JOIN core.teams AS teams ON results.team_id = teams.team_id
WHERE results.is_starter AND races.race_number IS NOT NULL
GROUP BY results.team_id, races.series_id, teams.team_name;
COMMENT ON VIEW marts.team_records IS 'The record of each team in each series, points races only; the sources name few teams before about 1970, so that old records lack races';
COMMENT ON COLUMN marts.team_records.first_season IS 'The first season with a start under this team';
COMMENT ON COLUMN marts.team_records.last_season IS 'The last season with a start';
COMMENT ON COLUMN marts.team_records.races IS 'Races that a car of the team started';
COMMENT ON COLUMN marts.team_records.starts IS 'Cars of the team that started a race, counted once for each race';
COMMENT ON COLUMN marts.team_records.drivers IS 'Drivers who started for it';
COMMENT ON COLUMN marts.team_records.wins IS 'Official wins that sources credit to the team';
