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
  results.source_id,
  results.race_key,
  min(results.series_id),
  min(results.season),
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  'there are results, and the source''s list of races has no such race, or no winner of it',
  min(results.document_id)
FROM staging.source_results AS results
LEFT JOIN core.listed_races AS listed ON results.source_id = listed.source_id AND results.race_key = listed.race_key
WHERE listed.race_key IS NULL AND NOT coalesce(results.is_keyed_by_our_ids, FALSE)
GROUP BY results.source_id, results.race_key;
COMMENT ON VIEW ops.unmatched IS 'Races of the sources that match no race of ours; there should be none';
COMMENT ON COLUMN ops.unmatched.race_number IS 'The number that the source gives it';
COMMENT ON COLUMN ops.unmatched.race_name IS 'What the source calls it';
COMMENT ON COLUMN ops.unmatched.track_id IS 'The venue, as the source has it';
COMMENT ON COLUMN ops.unmatched.winner_id IS 'The winner, as the source has it';
COMMENT ON COLUMN ops.unmatched.reason IS 'Why no race of ours fits';
