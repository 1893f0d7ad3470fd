-- Grain: series_id, first_season
CREATE OR REPLACE TABLE raw.almanac_series_names (
  series_id VARCHAR NOT NULL,
  first_season VARCHAR NOT NULL,
  last_season VARCHAR,
  series_name VARCHAR NOT NULL,
  note VARCHAR,
  source_url VARCHAR NOT NULL,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.almanac_series_names IS 'The names of the series over time, as the almanac states them';
