-- Severity: warn
-- A new venue has an id made from its name until a row in sql/seeds/tracks.csv gives it one.
SELECT track_id AS row_key, track_name
FROM core.tracks
WHERE NOT is_curated
