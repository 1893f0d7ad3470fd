-- Grain: race_id
CREATE OR REPLACE TABLE raw.almanac_finishes (
  race_id VARCHAR NOT NULL,
  race_date VARCHAR NOT NULL,
  race_name VARCHAR NOT NULL,
  track_name VARCHAR NOT NULL,
  awards_points VARCHAR NOT NULL,
  counts_as_official_win VARCHAR NOT NULL,
  winner VARCHAR NOT NULL,
  winner_car_number VARCHAR,
  winner_make VARCHAR,
  runner_up VARCHAR,
  runner_up_car_number VARCHAR,
  runner_up_make VARCHAR,
  laps_completed VARCHAR,
  average_speed_mph VARCHAR,
  pole_speed_mph VARCHAR,
  margin_text VARCHAR,
  note VARCHAR,
  verification VARCHAR NOT NULL,
  source_url VARCHAR NOT NULL,
  details_source_url VARCHAR,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.almanac_finishes IS 'How races were finished, as the almanac states it';
