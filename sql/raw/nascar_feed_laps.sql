-- Grain: race_id, car_number, lap
CREATE OR REPLACE TABLE raw.nascar_feed_laps (
  race_id BIGINT NOT NULL,
  car_number VARCHAR NOT NULL,
  driver_id BIGINT,
  driver_fullname VARCHAR NOT NULL,
  lap BIGINT NOT NULL,
  lap_time DOUBLE,
  lap_speed VARCHAR,
  running_position BIGINT NOT NULL,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.nascar_feed_laps IS 'The lap times of the feed, as received';
