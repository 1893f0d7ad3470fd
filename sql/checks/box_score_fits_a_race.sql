-- Severity: notice
-- A box score whose date, track, name and winner fit no race of ours, or two, is not used.
SELECT source_id || ' ' || race_key AS row_key, race_date, race_name, track_name_at_the_time, document_id
FROM core.listed_races
WHERE race_id IS NULL AND source_id = 'box_scores'
