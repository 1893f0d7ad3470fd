-- Severity: warn
-- Where a venue is new, or was rebuilt in the season of a race whose day no source states.
SELECT race_id AS row_key, race_date, track_id, track_name_at_the_time
FROM core.races
WHERE layout_id IS NULL
