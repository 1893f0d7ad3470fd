-- Grain: race_id, what
CREATE OR REPLACE TABLE raw.almanac_changed_outcomes (
  race_id VARCHAR NOT NULL,
  race_date VARCHAR NOT NULL,
  what VARCHAR NOT NULL,
  line_winner VARCHAR,
  line_runner_up VARCHAR,
  official_winner VARCHAR,
  official_runner_up VARCHAR,
  line_margin_text VARCHAR,
  official_margin_seconds VARCHAR,
  decided_on VARCHAR,
  note VARCHAR,
  source_url VARCHAR NOT NULL,
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
COMMENT ON TABLE raw.almanac_changed_outcomes IS 'Races whose outcome or printed margin changed, as the almanac states it';
