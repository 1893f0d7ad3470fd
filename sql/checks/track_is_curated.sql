-- Severity: warn
-- A new venue gets an id from its name until a person enters it.
SELECT track_id AS row_key, track_name
FROM core.tracks
WHERE NOT is_curated
