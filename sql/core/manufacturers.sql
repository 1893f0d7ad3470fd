-- Grain: manufacturer_id
-- Reaches: core.result_statements by manufacturer_id
-- Reaches: core.results by manufacturer_id
CREATE OR REPLACE TABLE core.manufacturers AS
WITH readings AS (
  SELECT manufacturer_id, split_part(race_id, '-', 2)::INTEGER AS season, document_id
  FROM core.result_statements
  WHERE manufacturer_id IS NOT NULL
  UNION ALL
  SELECT makes.manufacturer_id, champions.season, champions.document_id
  FROM staging.source_champions AS champions
  INNER JOIN seeds.manufacturers AS makes ON champions.title = 'manufacturer' AND champions.champion = makes.manufacturer_name
)
SELECT
  readings.manufacturer_id,
  coalesce(any_value(known.manufacturer_name), readings.manufacturer_id) AS manufacturer_name,
  min(readings.season) AS first_season,
  max(readings.season) AS last_season,
  bool_or(known.manufacturer_id IS NOT NULL) AS is_curated,
  min(readings.document_id) AS document_id
FROM readings
LEFT JOIN seeds.manufacturers AS known ON readings.manufacturer_id = known.manufacturer_id
GROUP BY readings.manufacturer_id;
COMMENT ON TABLE core.manufacturers IS 'The makes of cars, whatever models the sources name';
COMMENT ON COLUMN core.manufacturers.manufacturer_id IS 'Our id';
COMMENT ON COLUMN core.manufacturers.first_season IS 'The first season with a result or a title';
COMMENT ON COLUMN core.manufacturers.last_season IS 'The last season with a result or a title';
COMMENT ON COLUMN core.manufacturers.is_curated IS 'Whether it was entered by hand in sql/seeds/manufacturers.csv; if not, the id comes from the source''s text';
