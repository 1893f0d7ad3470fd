-- Grain: series_id, season
CREATE OR REPLACE TABLE core.seasons AS
SELECT
  counts.series_id,
  counts.season,
  names.series_name,
  counts.points_races,
  counts.note,
  counts.source_url,
  counts.document_id
FROM staging.source_seasons AS counts
LEFT JOIN staging.source_series_names AS names
  ON
    counts.series_id = names.series_id
    AND counts.season BETWEEN names.first_season AND coalesce(names.last_season, 9999);
COMMENT ON TABLE core.seasons IS 'The seasons of each series, with the number of races that the record books have';
COMMENT ON COLUMN core.seasons.points_races IS 'How many points races the season had, finished seasons only';
COMMENT ON COLUMN core.seasons.note IS 'Where sources differ, and why';
COMMENT ON COLUMN core.seasons.source_url IS 'Where the count is published';
