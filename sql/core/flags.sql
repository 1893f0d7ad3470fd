-- Grain: race_id, flag_number
-- Incremental: race_id
CREATE OR REPLACE TABLE core.flags AS
SELECT
  ids.race_id,
  flags.flag_number,
  flags.lap_number,
  flags.flag,
  flags.elapsed_seconds,
  flags.comment,
  flags.beneficiary_car_number,
  flags.shown_at,
  flags.source_id,
  flags.document_id
FROM staging.source_flags AS flags
INNER JOIN core.source_races AS ids ON flags.source_id = ids.source_id AND flags.race_key = ids.race_key;
COMMENT ON TABLE core.flags IS 'The flags of a race in order, of the races that were ingested with flags';
COMMENT ON COLUMN core.flags.flag_number IS 'Its place in the order, from 1';
COMMENT ON COLUMN core.flags.lap_number IS 'The lap of the leader when it was shown';
COMMENT ON COLUMN core.flags.flag IS 'green, yellow, red or checkered; pace_laps before the start, finished after the race; unknown for another number of the source';
COMMENT ON COLUMN core.flags.elapsed_seconds IS 'Seconds of the race when it was shown';
COMMENT ON COLUMN core.flags.comment IS 'What the source says of it';
COMMENT ON COLUMN core.flags.beneficiary_car_number IS 'The car that got a lap back';
COMMENT ON COLUMN core.flags.shown_at IS 'When it was shown, in UTC';
