-- Severity: warn
-- Every source has results, except a season's index, which is all that the feed has before 2018.
WITH expected AS (
  SELECT DISTINCT race_id
  FROM core.race_readings
  WHERE reading NOT IN ('season_index', 'date_correction')
)
SELECT races.race_id AS row_key, races.race_name, races.source_id
FROM core.races AS races
SEMI JOIN expected ON races.race_id = expected.race_id
ANTI JOIN core.results AS results ON races.race_id = results.race_id AND results.is_starter
