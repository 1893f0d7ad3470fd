-- Grain: race_id, start_lap, end_lap
CREATE OR REPLACE TABLE raw.nascar_feed_leaders (
  race_id BIGINT NOT NULL,
  start_lap BIGINT NOT NULL,
  end_lap BIGINT NOT NULL,
  car_number VARCHAR NOT NULL,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.nascar_feed_leaders IS 'The leaders of the weekend feeds, as received';
