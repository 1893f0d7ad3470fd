-- Grain: source_id, race_key
CREATE OR REPLACE TABLE core.source_races AS
SELECT
  source_id,
  race_key,
  race_id,
  series_id,
  season,
  race_number,
  race_date,
  race_name,
  track_id,
  track_name_at_the_time,
  winner_id,
  document_id
FROM core.listed_races
WHERE race_id IS NOT NULL;
COMMENT ON TABLE core.source_races IS 'What each source calls a race, and which race of ours that is; races that were run';
COMMENT ON COLUMN core.source_races.race_id IS 'Our id: series, season, number among the points races of that season; x and a number for exhibitions';
COMMENT ON COLUMN core.source_races.race_name IS 'What the source calls it; never a key';
COMMENT ON COLUMN core.source_races.track_id IS 'The venue, as the source has it; see core.tracks';
COMMENT ON COLUMN core.source_races.winner_id IS 'The winner, where the source''s list of races names one; see core.drivers';
