-- Grain: track_id
-- Reaches: core.races by track_id
CREATE OR REPLACE TABLE core.tracks AS
WITH mentions AS (
  SELECT
    track_id,
    arg_max(track_name_at_the_time, (season, document_id, track_name_at_the_time)) AS track_name,
    min(season) AS first_season,
    max(season) AS last_season,
    max(document_id) AS document_id
  FROM core.source_races
  WHERE track_id IS NOT NULL
  GROUP BY track_id
)
SELECT
  mentions.track_id,
  coalesce(known.track_name, mentions.track_name) AS track_name,
  known.city,
  known.state,
  known.country,
  mentions.first_season,
  mentions.last_season,
  known.track_id IS NOT NULL AS is_curated,
  mentions.document_id
FROM mentions
LEFT JOIN seeds.tracks AS known ON mentions.track_id = known.track_id;
COMMENT ON TABLE core.tracks IS 'The venues of all races that are known here, each once, whatever it was called and however it was laid out';
COMMENT ON COLUMN core.tracks.track_id IS 'Our id';
COMMENT ON COLUMN core.tracks.track_name IS 'The name today';
COMMENT ON COLUMN core.tracks.city IS 'The city that it counts as';
COMMENT ON COLUMN core.tracks.state IS 'The state or province';
COMMENT ON COLUMN core.tracks.country IS 'The country, three letters';
COMMENT ON COLUMN core.tracks.first_season IS 'The first season with a race there, in what is known here';
COMMENT ON COLUMN core.tracks.last_season IS 'The last season with a race there';
COMMENT ON COLUMN core.tracks.is_curated IS 'Whether it was entered by hand in sql/seeds/tracks.csv; if not, the id comes from the source''s name';
