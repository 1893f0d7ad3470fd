-- Grain: race_key, driver, car
CREATE OR REPLACE TABLE raw.nascar_results_results (
  race_key VARCHAR NOT NULL,
  series_id VARCHAR NOT NULL,
  season BIGINT NOT NULL,
  race BIGINT NOT NULL,
  track VARCHAR NOT NULL,
  name VARCHAR,
  length DOUBLE,
  surface VARCHAR,
  finish BIGINT,
  start BIGINT,
  car VARCHAR,
  driver VARCHAR NOT NULL,
  team VARCHAR,
  make VARCHAR,
  pts BIGINT,
  laps BIGINT,
  led BIGINT,
  status VARCHAR,
  s1 DOUBLE,
  s2 DOUBLE,
  s3 DOUBLE,
  rating DOUBLE,
  win DOUBLE,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.nascar_results_results IS 'The results of nascaR.data, as received without the placeholder row; race_key names series, season and number as listed';
