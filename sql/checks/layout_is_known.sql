-- Severity: warn
-- A new venue, or one that was rebuilt in the season of a race without a date.
SELECT race_id AS row_key, race_date, track_id, track_name_at_the_time
FROM core.races
WHERE layout_id IS NULL
