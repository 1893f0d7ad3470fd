-- Grain: series_id
CREATE OR REPLACE TABLE core.series AS
SELECT
  series_id,
  arg_max(series_name, first_season) AS series_name,
  min(first_season) AS first_season,
  arg_max(document_id, first_season) AS document_id
FROM staging.source_series_names
GROUP BY series_id;
COMMENT ON TABLE core.series IS 'The national series, under ids that no sponsor changes';
COMMENT ON COLUMN core.series.series_id IS 'Our id: cup, nxs (the second series), truck';
COMMENT ON COLUMN core.series.series_name IS 'The name today';
COMMENT ON COLUMN core.series.first_season IS 'Its first season';
