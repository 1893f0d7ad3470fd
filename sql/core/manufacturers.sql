-- Grain: manufacturer_id
CREATE OR REPLACE TABLE core.manufacturers AS
SELECT
  readings.manufacturer_id,
  coalesce(any_value(known.manufacturer_name), readings.manufacturer_id) AS manufacturer_name,
  min(split_part(readings.race_id, '-', 2)::INTEGER) AS first_season,
  max(split_part(readings.race_id, '-', 2)::INTEGER) AS last_season,
  bool_or(known.manufacturer_id IS NOT NULL) AS is_curated,
  min(readings.document_id) AS document_id
FROM core.result_statements AS readings
LEFT JOIN seeds.manufacturers AS known ON readings.manufacturer_id = known.manufacturer_id
WHERE readings.manufacturer_id IS NOT NULL
GROUP BY readings.manufacturer_id;
COMMENT ON TABLE core.manufacturers IS 'The makes of cars, whatever models the sources name';
COMMENT ON COLUMN core.manufacturers.manufacturer_id IS 'Our id';
COMMENT ON COLUMN core.manufacturers.first_season IS 'The first season with a result';
COMMENT ON COLUMN core.manufacturers.last_season IS 'The last season with a result';
COMMENT ON COLUMN core.manufacturers.is_curated IS 'Whether a person entered it in sql/seeds/manufacturers.csv; if not, the id comes from the source''s text';
