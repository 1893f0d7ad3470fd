-- Grain: driver_id, other_driver_id
CREATE OR REPLACE TABLE ops.match_proposals AS
WITH contested AS (
  SELECT DISTINCT race_id, entry_key
  FROM ops.result_discrepancies
  WHERE fact = 'driver_id'
),
stated AS (
  SELECT readings.race_id, readings.entry_key, readings.reading, readings.driver_id
  FROM core.result_readings AS readings
  SEMI JOIN contested ON readings.race_id = contested.race_id AND readings.entry_key = contested.entry_key
),
same_place AS (
  -- Two sources that list the same place of the same race under two names.
  SELECT
    least(one.driver_id, other.driver_id) AS driver_id,
    greatest(one.driver_id, other.driver_id) AS other_driver_id,
    count(DISTINCT one.race_id) AS places_shared,
    min(one.race_id) AS example_race_id
  FROM stated AS one
  INNER JOIN stated AS other
    ON one.race_id = other.race_id AND one.entry_key = other.entry_key AND one.reading < other.reading
  WHERE one.driver_id <> other.driver_id
  GROUP BY least(one.driver_id, other.driver_id), greatest(one.driver_id, other.driver_id)
),
surnames AS (
  -- The last name, past what tells a son from his father.
  SELECT
    driver_id,
    first_season,
    last_season,
    regexp_extract(driver_id, '([^-]+)(-(jr|sr|ii|iii|iv))?$', 1) AS surname
  FROM core.drivers
),
similar_names AS (
  SELECT
    one.driver_id,
    other.driver_id AS other_driver_id
  FROM surnames AS one
  INNER JOIN surnames AS other
    ON
      one.surname = other.surname
      AND one.driver_id < other.driver_id
      -- Who drove ten years apart is hardly spelled otherwise by accident.
      AND one.first_season <= other.last_season + 10
      AND other.first_season <= one.last_season + 10
  WHERE jaro_winkler_similarity(one.driver_id, other.driver_id) >= 0.93
),
pairs AS (
  SELECT driver_id, other_driver_id FROM same_place
  UNION
  SELECT driver_id, other_driver_id FROM similar_names
),
starts AS (
  SELECT driver_id, race_id
  FROM core.results
  WHERE driver_id IN (SELECT unnest([driver_id, other_driver_id]) FROM pairs)
),
together AS (
  SELECT
    pairs.driver_id,
    pairs.other_driver_id,
    count(DISTINCT one.race_id) AS races_together
  FROM pairs
  INNER JOIN starts AS one ON pairs.driver_id = one.driver_id
  INNER JOIN starts AS other
    ON pairs.other_driver_id = other.driver_id AND one.race_id = other.race_id
  GROUP BY pairs.driver_id, pairs.other_driver_id
)
SELECT
  pairs.driver_id,
  pairs.other_driver_id,
  round(jaro_winkler_similarity(pairs.driver_id, pairs.other_driver_id), 3) AS similarity,
  coalesce(same_place.places_shared, 0) AS places_shared,
  same_place.example_race_id,
  coalesce(together.races_together, 0) AS races_together,
  CASE
    WHEN decided.driver_id IS NOT NULL THEN 'different'
    WHEN together.races_together > 0 THEN 'different'
    ELSE 'open'
  END AS decision,
  CASE
    WHEN decided.driver_id IS NOT NULL THEN decided.reason
    WHEN together.races_together > 0 THEN 'both were in the same race'
  END AS reason
FROM pairs
LEFT JOIN same_place ON pairs.driver_id = same_place.driver_id AND pairs.other_driver_id = same_place.other_driver_id
LEFT JOIN together ON pairs.driver_id = together.driver_id AND pairs.other_driver_id = together.other_driver_id
LEFT JOIN seeds.distinct_drivers AS decided
  ON pairs.driver_id = decided.driver_id AND pairs.other_driver_id = decided.other_driver_id;
COMMENT ON TABLE ops.match_proposals IS 'Pairs of drivers who may be one person; a row in sql/seeds/driver_aliases.csv or distinct_drivers.csv decides, never a program';
COMMENT ON COLUMN ops.match_proposals.driver_id IS 'One of the two; see core.drivers';
COMMENT ON COLUMN ops.match_proposals.other_driver_id IS 'The other';
COMMENT ON COLUMN ops.match_proposals.similarity IS 'Jaro-Winkler similarity of the ids, 1 is equal';
COMMENT ON COLUMN ops.match_proposals.places_shared IS 'In how many races two sources list the same place under the two names';
COMMENT ON COLUMN ops.match_proposals.example_race_id IS 'The first of these races';
COMMENT ON COLUMN ops.match_proposals.races_together IS 'In how many races both have a result: then they are two people';
COMMENT ON COLUMN ops.match_proposals.decision IS 'different, or open: to be decided';
COMMENT ON COLUMN ops.match_proposals.reason IS 'Why they are different';
