-- Grain: one row per driver
CREATE OR REPLACE TABLE core.drivers AS
WITH homes AS (
  SELECT
    names.driver_id,
    arg_max(
      { 'city': results.hometown_city, 'state': results.hometown_state }, results.result_id_nascar_feed
    ) AS home
  FROM staging.nascar_feed_results AS results
  INNER JOIN core.driver_names AS names ON results.driver_name = names.driver_name
  GROUP BY names.driver_id
)
SELECT
  names.driver_id,
  -- The fullest spelling that a source has, unless a person chose one.
  coalesce(
    any_value(chosen.driver_name),
    first(names.driver_name ORDER BY length(names.driver_name) DESC, names.uses DESC, names.driver_name ASC)
  ) AS driver_name,
  any_value(homes.home.city) AS hometown_city,
  any_value(homes.home.state) AS hometown_state,
  min(names.document_id) AS document_id
FROM core.driver_names AS names
LEFT JOIN seeds.driver_names AS chosen ON names.driver_id = chosen.driver_id
LEFT JOIN homes ON names.driver_id = homes.driver_id
GROUP BY names.driver_id;
COMMENT ON TABLE core.drivers IS 'Everybody who is known to have entered a race';
COMMENT ON COLUMN core.drivers.driver_id IS 'Our id';
COMMENT ON COLUMN core.drivers.driver_name IS 'The name that is shown';
COMMENT ON COLUMN core.drivers.hometown_city IS 'The city that the league''s feed calls home';
COMMENT ON COLUMN core.drivers.hometown_state IS 'Its state or province';
COMMENT ON COLUMN core.drivers.document_id IS 'A document that has the driver; see ops.documents';
