-- Grain: series_id, season, track_id
CREATE OR REPLACE VIEW marts.lead_changes_by_season AS
SELECT
  races.series_id,
  races.season,
  races.track_id,
  tracks.track_name,
  count(*) AS races,
  count(races.lead_changes) AS races_with_lead_changes,
  cast(sum(races.lead_changes) AS BIGINT) AS lead_changes,
  cast(round(avg(races.lead_changes), 2) AS DECIMAL(7, 2)) AS lead_changes_per_race,
  max(races.lead_changes) AS most_lead_changes,
  cast(round(avg(races.leaders), 2) AS DECIMAL(7, 2)) AS leaders_per_race,
  count(races.leaders) AS races_with_leaders
FROM core.races AS races
LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
WHERE races.race_number IS NOT NULL
GROUP BY races.series_id, races.season, races.track_id, tracks.track_name;
COMMENT ON VIEW marts.lead_changes_by_season IS 'How often the lead changed at each track in each season, at the line, points races only';
COMMENT ON COLUMN marts.lead_changes_by_season.races IS 'Points races at the track that the warehouse has';
COMMENT ON COLUMN marts.lead_changes_by_season.races_with_lead_changes IS 'Of these, races with known lead changes';
COMMENT ON COLUMN marts.lead_changes_by_season.lead_changes IS 'Lead changes in these races; NULL when all are unknown';
COMMENT ON COLUMN marts.lead_changes_by_season.lead_changes_per_race IS 'Mean number of lead changes in these races';
COMMENT ON COLUMN marts.lead_changes_by_season.most_lead_changes IS 'The most in one race';
COMMENT ON COLUMN marts.lead_changes_by_season.leaders_per_race IS 'Mean number of drivers who led, of races with known leaders; NULL without one';
COMMENT ON COLUMN marts.lead_changes_by_season.races_with_leaders IS 'Races with known leaders';
