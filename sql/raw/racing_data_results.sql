-- Grain: race_id, driver_id (may be NULL), driver_number (may be NULL)
CREATE OR REPLACE TABLE raw.racing_data_results (
  season VARCHAR NOT NULL,
  series_id VARCHAR NOT NULL,
  race_id VARCHAR NOT NULL,
  race_id_short VARCHAR,
  finish_position VARCHAR NOT NULL,
  starting_position VARCHAR,
  driver_number VARCHAR,
  driver_nationality VARCHAR,
  driver_id VARCHAR,
  driver_name VARCHAR,
  sponsor VARCHAR,
  owner_id VARCHAR,
  car VARCHAR,
  race_laps_run VARCHAR,
  race_money VARCHAR,
  race_status VARCHAR,
  race_laps_lead VARCHAR,
  points_earned VARCHAR,
  playoff_points_earned VARCHAR,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.racing_data_results IS 'The results of Racing-Reference, as received but for the shifted header of old files, which is undone';
