-- Grain: race_id, start_lap
CREATE OR REPLACE TABLE raw.nascar_feed_cautions (
  race_id BIGINT NOT NULL,
  start_lap BIGINT NOT NULL,
  end_lap BIGINT NOT NULL,
  flag_state BIGINT NOT NULL,
  reason VARCHAR NOT NULL,
  comment VARCHAR,
  beneficiary_car_number VARCHAR,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.nascar_feed_cautions IS 'The caution periods of the weekend feeds, as received';
