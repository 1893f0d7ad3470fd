-- Grain: one row per source and race
CREATE OR REPLACE TABLE core.source_races AS
WITH feed AS (
  SELECT
    coalesce(weekend.race_id_nascar_feed, listed.race_id_nascar_feed) AS race_id_nascar_feed,
    coalesce(weekend.series_id, listed.series_id) AS series_id,
    coalesce(weekend.season, listed.season) AS season,
    coalesce(weekend.race_name, listed.race_name) AS race_name,
    coalesce(listed.race_type_id, weekend.race_type_id) AS race_type_id,
    -- The weekend feed often keeps the day a race was scheduled for; the index has the day it was run.
    coalesce(corrections.race_date::DATE, listed.race_date, weekend.race_date) AS race_date,
    coalesce(weekend.document_id, listed.document_id) AS document_id,
    coalesce(listed.is_run, FALSE) OR weekend.race_id_nascar_feed IS NOT NULL AS is_run
  FROM staging.nascar_feed_races AS listed
  FULL JOIN staging.nascar_feed_weekends AS weekend ON listed.race_id_nascar_feed = weekend.race_id_nascar_feed
  LEFT JOIN seeds.race_date_corrections AS corrections
    ON
      corrections.source_id = 'nascar_feed'
      AND corrections.race_key = coalesce(weekend.race_id_nascar_feed, listed.race_id_nascar_feed)::VARCHAR
),
numbered AS (
  -- Races to be run are counted in, so that one whose result comes late does not move those after it.
  SELECT
    feed.*,
    types.is_points_race::BOOLEAN AS is_points_race,
    row_number() OVER (
      PARTITION BY feed.series_id, feed.season, types.is_points_race
      ORDER BY feed.race_date, feed.race_id_nascar_feed
    ) AS number_of_its_kind
  FROM feed
  INNER JOIN seeds.race_types AS types ON types.race_type_id = feed.race_type_id::VARCHAR
)
SELECT
  'nascar_feed' AS source_id,
  race_id_nascar_feed::VARCHAR AS race_key,
  series_id || '-' || season || if(is_points_race, '-', '-x') || lpad(number_of_its_kind::VARCHAR, 2, '0') AS race_id,
  series_id,
  season::INTEGER AS season,
  if(is_points_race, number_of_its_kind, NULL)::INTEGER AS race_number,
  race_date,
  race_name,
  document_id
FROM numbered
WHERE is_run
UNION ALL
SELECT
  'almanac',
  race_id,
  race_id,
  series_id,
  season,
  race_number,
  race_date,
  race_name,
  document_id
FROM staging.almanac_finishes;
COMMENT ON TABLE core.source_races IS 'What each source calls a race, and which race of ours that is; races that were run';
COMMENT ON COLUMN core.source_races.source_id IS 'The source';
COMMENT ON COLUMN core.source_races.race_key IS 'The source''s own id of the race';
COMMENT ON COLUMN core.source_races.race_id IS 'Our id: series, season, number among the points races of that season; x and a number for exhibitions';
COMMENT ON COLUMN core.source_races.series_id IS 'The series; see core.series';
COMMENT ON COLUMN core.source_races.season IS 'The season that the race counts for';
COMMENT ON COLUMN core.source_races.race_number IS 'Its number among the points races of the season, NULL for an exhibition';
COMMENT ON COLUMN core.source_races.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN core.source_races.race_name IS 'What the source calls it; never a key';
COMMENT ON COLUMN core.source_races.document_id IS 'The document that has it; see ops.documents';
