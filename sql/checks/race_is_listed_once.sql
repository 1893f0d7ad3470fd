-- Severity: fail
-- A points race that one source has under a number and another source under the next one is one race: its day, track and winner
-- are the same. Two races of one day, as the qualifying races of Daytona were, have two winners or one source with both on it.
WITH winners AS (
  SELECT races.race_id, races.series_id, races.race_date, races.track_id, results.driver_id
  FROM core.races AS races
  INNER JOIN core.results AS results ON races.race_id = results.race_id AND results.finish_position = 1
  WHERE races.awards_points
),
pairs AS (
  SELECT one.race_id, other.race_id AS other_race_id
  FROM winners AS one
  INNER JOIN winners AS other
    ON
      one.series_id = other.series_id
      AND one.race_date = other.race_date
      AND one.track_id = other.track_id
      AND one.driver_id = other.driver_id
      AND one.race_id < other.race_id
)
SELECT
  pairs.race_id || ' ' || pairs.other_race_id AS row_key,
  (
    SELECT list(DISTINCT documents.document_id)
    FROM core.race_documents AS documents
    WHERE documents.race_id IN (pairs.race_id, pairs.other_race_id)
  ) AS document_ids
FROM pairs
WHERE NOT EXISTS (
  SELECT 1
  FROM core.listed_races AS listed
  INNER JOIN core.listed_races AS others ON listed.source_id = others.source_id
  WHERE listed.race_id = pairs.race_id AND others.race_id = pairs.other_race_id AND listed.race_date = others.race_date
)
