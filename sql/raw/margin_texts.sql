-- Grain: margin_text
CREATE OR REPLACE TABLE raw.margin_texts (
  margin_text VARCHAR NOT NULL PRIMARY KEY,
  margin_kind VARCHAR NOT NULL,
  margin_value DECIMAL(12, 4),
  margin_unit VARCHAR,
  margin_seconds DECIMAL(9, 4),
  margin_decimals TINYINT,
  is_lower_bound BOOLEAN NOT NULL
);
COMMENT ON TABLE raw.margin_texts IS 'What each text of a margin of victory means, as etl/formats/margin.py reads it; a null text has no row';
