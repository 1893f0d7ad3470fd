-- Grain: series_id, season
CREATE OR REPLACE TABLE raw.almanac_season_counts (
  series_id VARCHAR NOT NULL,
  season VARCHAR NOT NULL,
  points_races VARCHAR NOT NULL,
  note VARCHAR,
  source_url VARCHAR NOT NULL,
  document_id VARCHAR NOT NULL,
  loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw.almanac_season_counts IS 'How many points races a season had, as the almanac states it';
