-- Grain: series_id, season, race_number, position, car_number (may be NULL)
CREATE OR REPLACE TABLE raw.racing_reference_pages_results (
  series_id VARCHAR NOT NULL,
  season BIGINT NOT NULL,
  race_number BIGINT NOT NULL,
  position VARCHAR NOT NULL,
  start VARCHAR,
  car_number VARCHAR,
  driver VARCHAR NOT NULL,
  sponsor_owner VARCHAR,
  car VARCHAR,
  laps VARCHAR,
  money VARCHAR,
  status VARCHAR,
  led VARCHAR,
  points VARCHAR,
  playoff_points VARCHAR,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.racing_reference_pages_results IS 'The results of the saved race pages, as received; money until 2015';
