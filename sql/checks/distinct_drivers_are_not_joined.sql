-- Severity: fail
-- No alias joins two drivers who are known to be different. An alias limited to some seasons is allowed: it separates them.
SELECT aliases.driver_name || ' ' || aliases.driver_id AS row_key, known.reason
FROM seeds.driver_aliases AS aliases
INNER JOIN seeds.distinct_drivers AS known
  ON
    least(staging.slug(aliases.driver_name), aliases.driver_id) = least(known.driver_id, known.other_driver_id)
    AND greatest(staging.slug(aliases.driver_name), aliases.driver_id) = greatest(known.driver_id, known.other_driver_id)
WHERE aliases.first_season IS NULL AND aliases.last_season IS NULL
