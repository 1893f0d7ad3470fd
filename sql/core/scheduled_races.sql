-- Grain: source_id, race_key
CREATE OR REPLACE TABLE core.scheduled_races AS
WITH schedules AS (
  SELECT
    *,
    CASE
      WHEN race_number IS NOT NULL THEN series_id || '-' || season || '-' || lpad(race_number::VARCHAR, 2, '0')
      WHEN exhibition_number IS NOT NULL THEN series_id || '-' || season || '-x' || lpad(exhibition_number::VARCHAR, 2, '0')
    END AS race_id
  FROM staging.source_schedules
  WHERE state NOT IN ('run', 'official')
)
SELECT
  schedules.source_id,
  schedules.race_key,
  schedules.race_id,
  schedules.series_id,
  schedules.season,
  schedules.race_number,
  schedules.scheduled_date,
  schedules.race_date,
  schedules.race_name,
  coalesce(tracks.track_id, named.track_id, staging.slug(schedules.track_name)) AS track_id,
  schedules.track_name,
  schedules.state,
  schedules.entries,
  schedules.document_id
FROM schedules
LEFT JOIN seeds.track_aliases AS tracks ON schedules.source_id = tracks.source_id AND schedules.track_key = tracks.track_key
LEFT JOIN seeds.tracks AS named ON schedules.track_name = named.track_name
-- Another source may have the result already.
ANTI JOIN core.source_races AS run ON schedules.race_id = run.race_id;
COMMENT ON TABLE core.scheduled_races IS 'The races that were not run, with their state: those to come, and those that were cancelled or abandoned';
COMMENT ON COLUMN core.scheduled_races.race_id IS 'The id that the race gets when it is run, provisional until its season is over; NULL for a cancelled race';
COMMENT ON COLUMN core.scheduled_races.race_number IS 'Its number among the points races of the season, provisional; NULL for an exhibition and a cancelled race';
COMMENT ON COLUMN core.scheduled_races.scheduled_date IS 'The day for which it was scheduled';
COMMENT ON COLUMN core.scheduled_races.race_date IS 'The day for which it is planned now; later than the scheduled day where it was postponed';
COMMENT ON COLUMN core.scheduled_races.race_name IS 'What the source calls it; never a key';
COMMENT ON COLUMN core.scheduled_races.track_name IS 'What the source calls the venue';
COMMENT ON COLUMN core.scheduled_races.state IS 'scheduled, entered (there is an entry list), postponed, cancelled or abandoned';
COMMENT ON COLUMN core.scheduled_races.entries IS 'Cars on the entry list; NULL without one';
