-- Grain: race_id, finish_position
CREATE OR REPLACE TABLE raw.almanac_results (
  race_id VARCHAR NOT NULL,
  finish_position VARCHAR NOT NULL,
  driver_name VARCHAR NOT NULL,
  car_number VARCHAR,
  make VARCHAR,
  laps_completed VARCHAR,
  status VARCHAR,
  note VARCHAR,
  source_url VARCHAR NOT NULL,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.almanac_results IS 'Results that the almanac states';
