-- Grain: driver_id
CREATE OR REPLACE TABLE core.drivers AS
WITH homes AS (
  SELECT
    names.driver_id,
    arg_max(
      { 'city': results.hometown_city, 'state': results.hometown_state }, results.result_id_nascar_feed
    ) AS home
  FROM staging.nascar_feed_results AS results
  INNER JOIN staging.nascar_feed_weekends AS weekend ON results.race_id_nascar_feed = weekend.race_id_nascar_feed
  INNER JOIN core.driver_names AS names
    ON
      names.source_id = 'nascar_feed'
      AND results.driver_name = names.driver_name
      AND weekend.season BETWEEN names.first_season AND names.last_season
  GROUP BY names.driver_id
),
nationalities AS (
  SELECT names.driver_id, mode(results.nationality) AS nationality
  FROM staging.racing_data_results AS results
  INNER JOIN core.driver_names AS names
    ON
      names.source_id = 'racing_data'
      AND results.driver_name = names.driver_name
      AND results.season BETWEEN names.first_season AND names.last_season
  GROUP BY names.driver_id
),
references_of_winners AS (
  SELECT names.driver_id, mode(races.winner_id_racing_reference) AS driver_id_racing_reference
  FROM staging.racing_data_races AS races
  INNER JOIN core.driver_names AS names
    ON
      names.source_id = 'racing_data'
      AND races.winner = names.driver_name
      AND races.season BETWEEN names.first_season AND names.last_season
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
  any_value(nationalities.nationality) AS nationality,
  min(names.first_season) AS first_season,
  max(names.last_season) AS last_season,
  any_value(refs.driver_id_racing_reference) AS driver_id_racing_reference,
  min(names.document_id) AS document_id
FROM core.driver_names AS names
LEFT JOIN seeds.driver_names AS chosen ON names.driver_id = chosen.driver_id
LEFT JOIN homes ON names.driver_id = homes.driver_id
LEFT JOIN nationalities ON names.driver_id = nationalities.driver_id
LEFT JOIN references_of_winners AS refs ON names.driver_id = refs.driver_id
GROUP BY names.driver_id;
COMMENT ON TABLE core.drivers IS 'Everybody who is known to have entered a race';
COMMENT ON COLUMN core.drivers.driver_id IS 'Our id';
COMMENT ON COLUMN core.drivers.driver_name IS 'The name that is shown';
COMMENT ON COLUMN core.drivers.hometown_city IS 'The city that the league''s feed calls home';
COMMENT ON COLUMN core.drivers.hometown_state IS 'Its state or province';
COMMENT ON COLUMN core.drivers.nationality IS 'The country, as Racing-Reference flags the driver';
COMMENT ON COLUMN core.drivers.first_season IS 'The first season in which a source names the driver';
COMMENT ON COLUMN core.drivers.last_season IS 'The last season in which a source names the driver';
COMMENT ON COLUMN core.drivers.driver_id_racing_reference IS 'Racing-Reference''s id, known of winners';
COMMENT ON COLUMN core.drivers.document_id IS 'A document that has the driver; see ops.documents';
