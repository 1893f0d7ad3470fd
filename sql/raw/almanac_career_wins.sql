-- Grain: series_id, driver_name
CREATE OR REPLACE TABLE raw.almanac_career_wins (
  series_id VARCHAR NOT NULL,
  driver_name VARCHAR NOT NULL,
  wins VARCHAR NOT NULL,
  through_season VARCHAR NOT NULL,
  note VARCHAR,
  source_url VARCHAR NOT NULL,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.almanac_career_wins IS 'Career wins that the almanac states';
