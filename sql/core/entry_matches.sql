-- Grain: race_id, reading, statement_key
-- Incremental: race_id
CREATE OR REPLACE TABLE core.entry_matches AS
WITH shared_drivers AS (
  SELECT race_id, reading, driver_id
  FROM core.result_statements
  GROUP BY race_id, reading, driver_id
  HAVING count(*) > 1 OR driver_id IS NULL
),
entries AS (
  SELECT
    listed.race_id,
    listed.statement_key AS entry_key,
    if(shared_drivers.race_id IS NULL, listed.driver_id, NULL) AS driver_id
  FROM core.result_statements AS listed
  LEFT JOIN shared_drivers
    ON
      listed.race_id = shared_drivers.race_id
      AND listed.reading = shared_drivers.reading
      AND listed.driver_id = shared_drivers.driver_id
  WHERE listed.is_listed
),
others AS (
  SELECT
    stated.race_id,
    stated.reading,
    stated.statement_key,
    if(shared_drivers.race_id IS NULL, entries.entry_key, NULL) AS entry_key
  FROM core.result_statements AS stated
  LEFT JOIN shared_drivers
    ON
      stated.race_id = shared_drivers.race_id
      AND stated.reading = shared_drivers.reading
      AND stated.driver_id = shared_drivers.driver_id
  LEFT JOIN entries ON stated.race_id = entries.race_id AND stated.driver_id = entries.driver_id
  WHERE NOT stated.is_listed
)
SELECT race_id, reading, statement_key, entry_key, 'driver' AS matched_by
FROM others
WHERE entry_key IS NOT NULL
UNION ALL
-- What is left over on both sides and shares a place: two sources that spell a name or see the driver otherwise.
SELECT others.race_id, others.reading, others.statement_key, entries.entry_key, 'place'
FROM others
INNER JOIN entries ON others.race_id = entries.race_id AND others.statement_key = entries.entry_key
ANTI JOIN others AS given
  ON entries.race_id = given.race_id AND others.reading = given.reading AND entries.entry_key = given.entry_key
WHERE others.entry_key IS NULL;
COMMENT ON TABLE core.entry_matches IS 'Which entry of the list of a race each car of another source is';
COMMENT ON COLUMN core.entry_matches.reading IS 'The reading that has the car';
COMMENT ON COLUMN core.entry_matches.statement_key IS 'The car in that reading; see core.result_statements';
COMMENT ON COLUMN core.entry_matches.entry_key IS 'The entry of the race; see core.results';
COMMENT ON COLUMN core.entry_matches.matched_by IS 'driver, or place for what is left over on both sides';
