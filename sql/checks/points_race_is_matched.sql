-- Severity: warn
-- A source whose race fits none of ours has a wrong number, or a venue by a name that nobody has entered: its results are left out.
SELECT source_id || ' ' || race_key AS row_key, race_date, race_name, track_name_at_the_time
FROM ops.unmatched
WHERE race_number IS NOT NULL
