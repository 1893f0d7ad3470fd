-- Grain: race_id, caution_number
-- Incremental: race_id
CREATE OR REPLACE TABLE core.cautions AS
SELECT
  ids.race_id,
  row_number() OVER (
    PARTITION BY ids.race_id
    ORDER BY cautions.start_lap ASC, cautions.end_lap ASC, cautions.comment DESC NULLS LAST, cautions.caution_reason ASC
  )::INTEGER AS caution_number,
  cautions.start_lap,
  cautions.end_lap,
  if(cautions.end_lap >= cautions.start_lap, cautions.end_lap - cautions.start_lap + 1, NULL)::INTEGER AS laps,
  cautions.caution_reason,
  cautions.reason_text,
  cautions.comment,
  cautions.beneficiary_car_number,
  cautions.source_id,
  cautions.document_id
FROM staging.source_cautions AS cautions
INNER JOIN core.source_races AS ids ON cautions.source_id = ids.source_id AND cautions.race_key = ids.race_key;
COMMENT ON TABLE core.cautions IS 'The caution periods of each race';
COMMENT ON COLUMN core.cautions.caution_number IS 'Its number in the race, from 1';
COMMENT ON COLUMN core.cautions.start_lap IS 'First lap under caution';
COMMENT ON COLUMN core.cautions.end_lap IS 'Last lap under caution';
COMMENT ON COLUMN core.cautions.laps IS 'Laps under caution; NULL where the source ends the caution before it began';
COMMENT ON COLUMN core.cautions.reason_text IS 'The source''s word for the reason';
COMMENT ON COLUMN core.cautions.comment IS 'What the source says of it';
COMMENT ON COLUMN core.cautions.beneficiary_car_number IS 'The car that got a lap back';
