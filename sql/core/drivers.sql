-- Grain: driver_id
-- Reaches: core.results by driver_id
-- Reaches: core.finish_orders by winner_id = driver_id
-- Reaches: core.finish_orders by runner_up_id = driver_id
CREATE OR REPLACE TABLE core.drivers AS
WITH stated AS (
  SELECT names.driver_id, facts.*
  FROM staging.source_drivers AS facts
  INNER JOIN core.driver_names AS names
    ON
      facts.source_id = names.source_id
      AND facts.driver_name = names.driver_name
      AND facts.season BETWEEN names.first_season AND names.last_season
),
homes AS (
  SELECT driver_id, hometown_city, hometown_state
  FROM stated
  WHERE ordinal IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY driver_id ORDER BY ordinal DESC, source_id ASC, hometown_city ASC) = 1
),
nationalities AS (
  SELECT driver_id, nationality
  FROM stated
  WHERE nationality IS NOT NULL
  GROUP BY driver_id, nationality
  QUALIFY row_number() OVER (PARTITION BY driver_id ORDER BY sum(mentions) DESC, nationality ASC) = 1
),
births AS (
  -- Two days for one driver would be two drivers under one name, or an error: neither is taken.
  SELECT driver_id, if(min(birth_date) = max(birth_date), min(birth_date), NULL) AS birth_date
  FROM stated
  GROUP BY driver_id
),
references_of_winners AS (
  SELECT driver_id, driver_id_racing_reference
  FROM stated
  WHERE driver_id_racing_reference IS NOT NULL
  GROUP BY driver_id, driver_id_racing_reference
  QUALIFY row_number() OVER (PARTITION BY driver_id ORDER BY sum(mentions) DESC, driver_id_racing_reference ASC) = 1
)
SELECT
  names.driver_id,
  -- The fullest spelling that a source has, unless one is chosen in the seed.
  coalesce(
    min(chosen.driver_name),
    first(names.driver_name ORDER BY length(names.driver_name) DESC, names.uses DESC, names.driver_name ASC)
  ) AS driver_name,
  min(homes.hometown_city) AS hometown_city,
  min(homes.hometown_state) AS hometown_state,
  min(nationalities.nationality) AS nationality,
  min(births.birth_date) AS birth_date,
  min(names.first_season) AS first_season,
  max(names.last_season) AS last_season,
  min(refs.driver_id_racing_reference) AS driver_id_racing_reference,
  min(names.document_id) AS document_id
FROM core.driver_names AS names
LEFT JOIN seeds.driver_names AS chosen ON names.driver_id = chosen.driver_id
LEFT JOIN homes ON names.driver_id = homes.driver_id
LEFT JOIN nationalities ON names.driver_id = nationalities.driver_id
LEFT JOIN births ON names.driver_id = births.driver_id
LEFT JOIN references_of_winners AS refs ON names.driver_id = refs.driver_id
GROUP BY names.driver_id;
COMMENT ON TABLE core.drivers IS 'Everybody who is known to have entered a race';
COMMENT ON COLUMN core.drivers.driver_id IS 'Our id';
COMMENT ON COLUMN core.drivers.hometown_city IS 'The city that the league''s feed calls home';
COMMENT ON COLUMN core.drivers.hometown_state IS 'Its state or province';
COMMENT ON COLUMN core.drivers.nationality IS 'The country, as Racing-Reference flags the driver';
COMMENT ON COLUMN core.drivers.birth_date IS 'The day on which the driver was born; known of drivers whose birth date the league lists';
COMMENT ON COLUMN core.drivers.first_season IS 'The first season in which a source names the driver';
COMMENT ON COLUMN core.drivers.last_season IS 'The last season in which a source names the driver';
COMMENT ON COLUMN core.drivers.driver_id_racing_reference IS 'Racing-Reference''s id, known of winners';
