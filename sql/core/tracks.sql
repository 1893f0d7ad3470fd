-- Grain: one row per venue
CREATE OR REPLACE TABLE core.tracks AS
WITH met AS (
  SELECT
    coalesce(aliases.track_id, staging.slug(listed.track_name)) AS track_id,
    arg_max(listed.track_name, (listed.season, listed.document_id, listed.track_name)) AS track_name,
    max(listed.document_id) AS document_id
  FROM (
    SELECT 'nascar_feed' AS source_id, track_id_nascar_feed::VARCHAR AS track_key, track_name, season, document_id
    FROM staging.nascar_feed_races
    UNION ALL
    SELECT 'nascar_feed', track_id_nascar_feed::VARCHAR, track_name, season, document_id
    FROM staging.nascar_feed_weekends
    UNION ALL
    SELECT 'almanac', track_name, track_name, season, document_id
    FROM staging.almanac_finishes
  ) AS listed
  LEFT JOIN seeds.track_aliases AS aliases ON listed.source_id = aliases.source_id AND listed.track_key = aliases.track_key
  GROUP BY coalesce(aliases.track_id, staging.slug(listed.track_name))
)
SELECT
  met.track_id,
  coalesce(known.track_name, met.track_name) AS track_name,
  known.city,
  known.state,
  known.country,
  known.track_id IS NOT NULL AS is_curated,
  met.document_id
FROM met
LEFT JOIN seeds.tracks AS known ON met.track_id = known.track_id;
COMMENT ON TABLE core.tracks IS 'The venues of all races that are known here, each once, whatever it was called and however it was laid out';
COMMENT ON COLUMN core.tracks.track_id IS 'Our id';
COMMENT ON COLUMN core.tracks.track_name IS 'The name today';
COMMENT ON COLUMN core.tracks.city IS 'The city that it counts as';
COMMENT ON COLUMN core.tracks.state IS 'The state or province';
COMMENT ON COLUMN core.tracks.country IS 'The country, three letters';
COMMENT ON COLUMN core.tracks.is_curated IS 'Whether a person entered it in sql/seeds/tracks.csv; if not, the id comes from the source''s name';
COMMENT ON COLUMN core.tracks.document_id IS 'A document that has it; see ops.documents';
