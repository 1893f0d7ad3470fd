-- Grain: source_id, race_key
CREATE OR REPLACE VIEW ops.unmatched AS
SELECT
  source_id,
  race_key,
  series_id,
  season,
  race_number,
  race_date,
  race_name,
  track_id,
  track_name_at_the_time,
  winner_id,
  'another race has this number, and none of the season fits by track and date or winner' AS reason,
  document_id
FROM core.listed_races
WHERE race_id IS NULL
UNION ALL
SELECT
  'racing_data',
  results.race_key,
  'cup',
  results.season,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  'there are results, and the season''s table has no such race, or no winner of it',
  min(results.document_id)
FROM staging.racing_data_results AS results
WHERE
  NOT EXISTS (
    SELECT 1
    FROM core.listed_races AS listed
    WHERE listed.source_id = 'racing_data' AND results.race_key = listed.race_key
  )
GROUP BY results.race_key, results.season;
COMMENT ON VIEW ops.unmatched IS 'Races of the sources that could not be told to be a race of ours; there should be none';
COMMENT ON COLUMN ops.unmatched.race_number IS 'The number that the source gives it';
COMMENT ON COLUMN ops.unmatched.race_name IS 'What the source calls it';
COMMENT ON COLUMN ops.unmatched.track_id IS 'The venue, as the source has it';
COMMENT ON COLUMN ops.unmatched.winner_id IS 'The winner, as the source has it';
COMMENT ON COLUMN ops.unmatched.reason IS 'Why no race of ours fits';
