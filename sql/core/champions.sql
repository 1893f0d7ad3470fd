-- Grain: series_id, season, title
CREATE OR REPLACE TABLE core.champions AS
WITH makes AS (
  SELECT manufacturer_name, min(manufacturer_id) AS manufacturer_id
  FROM seeds.manufacturers
  GROUP BY manufacturer_name
),
names AS (
  SELECT driver_name, min(driver_id) AS driver_id
  FROM core.driver_names
  GROUP BY driver_name
)
SELECT
  stated.series_id,
  stated.season,
  stated.title,
  stated.champion,
  if(stated.title = 'driver', coalesce(names.driver_id, staging.slug(stated.champion)), NULL) AS driver_id,
  if(stated.title = 'manufacturer', makes.manufacturer_id, NULL) AS manufacturer_id,
  stated.note,
  stated.source_id,
  stated.source_url,
  stated.document_id
FROM staging.source_champions AS stated
LEFT JOIN names ON stated.champion = names.driver_name
LEFT JOIN makes ON stated.champion = makes.manufacturer_name
QUALIFY row_number() OVER (PARTITION BY stated.series_id, stated.season, stated.title ORDER BY stated.source_id, stated.document_id) = 1;
COMMENT ON TABLE core.champions IS 'Champions of the Cup Series: drivers since 1949, manufacturers since 1952';
COMMENT ON COLUMN core.champions.title IS 'driver or manufacturer';
COMMENT ON COLUMN core.champions.champion IS 'The name of the driver or the make';
COMMENT ON COLUMN core.champions.driver_id IS 'The driver; see core.drivers. NULL for a title of manufacturers';
COMMENT ON COLUMN core.champions.manufacturer_id IS 'The make; see core.manufacturers. NULL for a title of drivers';
COMMENT ON COLUMN core.champions.note IS 'What is to be known of it';
