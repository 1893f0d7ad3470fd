-- Severity: warn
-- A race that matches no other has a wrong number or an unknown spelling of its venue; its results are left out.
SELECT source_id || ' ' || race_key AS row_key, race_date, race_name, track_name_at_the_time
FROM core.listed_races
WHERE race_id IS NULL AND race_number IS NOT NULL
