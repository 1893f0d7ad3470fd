-- Grain: race_id, driver_id
-- Incremental: race_id
CREATE OR REPLACE TABLE core.loop_statistics AS
WITH stated AS (
  SELECT
    ids.race_id,
    names.driver_id,
    loops.driver_rating,
    loops.average_position,
    loops.position_at_half,
    loops.closing_position,
    loops.best_position,
    loops.worst_position,
    loops.green_flag_passes,
    loops.green_flag_times_passed,
    loops.quality_passes,
    loops.fastest_laps,
    loops.laps_in_top_fifteen,
    loops.source_id,
    loops.document_id,
    -- The loop data themselves, rather than a list of results that has only the rating, rounded.
    row_number() OVER (
      PARTITION BY ids.race_id, names.driver_id
      ORDER BY loops.average_position IS NULL ASC, loops.source_id ASC, loops.race_key ASC, loops.driver_name ASC
    ) AS precedence
  FROM staging.source_loop_statistics AS loops
  INNER JOIN core.source_races AS ids ON loops.source_id = ids.source_id AND loops.race_key = ids.race_key
  INNER JOIN core.driver_names AS names
    ON
      loops.source_id = names.source_id
      AND loops.driver_name = names.driver_name
      AND ids.season BETWEEN names.first_season AND names.last_season
)
SELECT
  race_id,
  driver_id,
  driver_rating,
  average_position,
  position_at_half,
  closing_position,
  best_position,
  worst_position,
  green_flag_passes,
  green_flag_times_passed,
  quality_passes,
  fastest_laps,
  laps_in_top_fifteen,
  source_id,
  document_id
FROM stated
WHERE precedence = 1;
COMMENT ON TABLE core.loop_statistics IS 'What the timing loops made of each driver''s race: the driver rating from 2005, the rest of races ingested with loops';
COMMENT ON COLUMN core.loop_statistics.driver_rating IS 'NASCAR''s driver rating of the race, up to 150';
COMMENT ON COLUMN core.loop_statistics.average_position IS 'Mean running position';
COMMENT ON COLUMN core.loop_statistics.position_at_half IS 'Running position at half of the race';
COMMENT ON COLUMN core.loop_statistics.closing_position IS 'Running position near the end, from which the source counts places gained in closing';
COMMENT ON COLUMN core.loop_statistics.best_position IS 'Best running position';
COMMENT ON COLUMN core.loop_statistics.worst_position IS 'Worst running position';
COMMENT ON COLUMN core.loop_statistics.green_flag_passes IS 'Passes of other cars under green';
COMMENT ON COLUMN core.loop_statistics.green_flag_times_passed IS 'How many times it was passed under green';
COMMENT ON COLUMN core.loop_statistics.quality_passes IS 'Passes under green of cars in the first fifteen';
COMMENT ON COLUMN core.loop_statistics.fastest_laps IS 'Laps on which it was the fastest car';
COMMENT ON COLUMN core.loop_statistics.laps_in_top_fifteen IS 'Laps in the first fifteen';
