-- Severity: fail
-- No alias makes one of two people who are known to be two; one of some seasons only is what tells them apart.
SELECT aliases.driver_name || ' ' || aliases.driver_id AS row_key, known.reason
FROM seeds.driver_aliases AS aliases
INNER JOIN seeds.distinct_drivers AS known
  ON
    least(staging.slug(aliases.driver_name), aliases.driver_id) = least(known.driver_id, known.other_driver_id)
    AND greatest(staging.slug(aliases.driver_name), aliases.driver_id) = greatest(known.driver_id, known.other_driver_id)
WHERE aliases.first_season IS NULL AND aliases.last_season IS NULL
