-- Grain: race_id, stage_number, car_number
-- Incremental: race_id
CREATE OR REPLACE TABLE core.stage_results AS
WITH stated AS (
  SELECT
    ids.race_id,
    ids.season,
    stages.stage_number,
    stages.stage_position,
    stages.car_number,
    stages.driver_name,
    stages.stage_points,
    stages.source_id,
    stages.document_id,
    count(stages.stage_points) OVER (PARTITION BY ids.race_id, stages.stage_number, stages.source_id) > 0 AS has_points
  FROM staging.source_stage_results AS stages
  INNER JOIN core.source_races AS ids ON stages.source_id = ids.source_id AND stages.race_key = ids.race_key
),
preferred AS (
  -- All of a stage comes from one source: one that has its points, if any has.
  SELECT
    race_id,
    stage_number,
    source_id,
    row_number() OVER (PARTITION BY race_id, stage_number ORDER BY has_points DESC, source_id ASC) AS precedence
  FROM stated
  GROUP BY race_id, stage_number, source_id, has_points
)
SELECT
  stages.race_id,
  stages.stage_number,
  stages.stage_position,
  stages.car_number,
  names.driver_id,
  stages.stage_points,
  stages.source_id,
  stages.document_id
FROM stated AS stages
INNER JOIN preferred
  ON
    stages.race_id = preferred.race_id
    AND stages.stage_number = preferred.stage_number
    AND stages.source_id = preferred.source_id
    AND preferred.precedence = 1
LEFT JOIN core.driver_names AS names
  ON
    stages.source_id = names.source_id
    AND stages.driver_name = names.driver_name
    AND stages.season BETWEEN names.first_season AND names.last_season;
COMMENT ON TABLE core.stage_results IS 'The first ten cars at the end of each stage but the last';
COMMENT ON COLUMN core.stage_results.stage_number IS 'The stage, from 1';
COMMENT ON COLUMN core.stage_results.stage_position IS 'The place at its end';
COMMENT ON COLUMN core.stage_results.stage_points IS 'Championship points that the place gave, NULL where the source has only places';
