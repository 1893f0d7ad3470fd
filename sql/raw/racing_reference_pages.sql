-- Grain: series_id, season, race_number
CREATE OR REPLACE TABLE raw.racing_reference_pages (
  series_id VARCHAR NOT NULL,
  season BIGINT NOT NULL,
  race_number BIGINT NOT NULL,
  races_in_season BIGINT NOT NULL,
  series_name VARCHAR NOT NULL,
  race_name VARCHAR NOT NULL,
  race_date VARCHAR NOT NULL,
  track VARCHAR NOT NULL,
  place VARCHAR,
  laps VARCHAR NOT NULL,
  is_shortened BOOLEAN NOT NULL,
  lap_length VARCHAR NOT NULL,
  surface VARCHAR NOT NULL,
  distance VARCHAR NOT NULL,
  race_time VARCHAR,
  average_speed VARCHAR,
  cautions VARCHAR,
  lead_changes VARCHAR,
  pole_speed VARCHAR,
  margin_text VARCHAR,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.racing_reference_pages IS 'Race pages of Racing-Reference that a person saved, as received; the series and its season come from the page''s own account';
