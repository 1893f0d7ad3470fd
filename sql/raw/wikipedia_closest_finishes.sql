-- Grain: race
CREATE OR REPLACE TABLE raw.wikipedia_closest_finishes (
  row_number BIGINT NOT NULL,
  rank VARCHAR,
  race VARCHAR NOT NULL,
  race_page VARCHAR,
  is_outside_season BOOLEAN NOT NULL,
  margin_text VARCHAR NOT NULL,
  winner VARCHAR NOT NULL,
  runner_up VARCHAR NOT NULL,
  track VARCHAR NOT NULL,
  race_date VARCHAR NOT NULL,
  revision_id BIGINT NOT NULL,
  margin_kind VARCHAR,
  margin_value DECIMAL(12, 4),
  margin_unit VARCHAR,
  margin_seconds DECIMAL(9, 4),
  margin_decimals TINYINT,
  is_lower_bound BOOLEAN,
  is_approximate BOOLEAN,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.wikipedia_closest_finishes IS 'Wikipedia''s list of the closest finishes of the Cup Series, as received; revision_id is that of the page';
