-- Grain: race_id, stage_number, finishing_position
CREATE OR REPLACE TABLE raw.nascar_feed_stage_results (
  race_id BIGINT NOT NULL,
  stage_number BIGINT NOT NULL,
  finishing_position BIGINT NOT NULL,
  car_number VARCHAR NOT NULL,
  driver_id BIGINT,
  driver_fullname VARCHAR,
  stage_points BIGINT NOT NULL,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.nascar_feed_stage_results IS 'The first ten of each stage of the weekend feeds, as received';
