-- Severity: notice
-- A margin with more decimals than timing has is doubtful, and not ranked; of some a curated list says so itself.
SELECT DISTINCT readings.race_id || ' ' || readings.margin_text AS row_key, readings.document_id, readings.reading
FROM core.margin_readings AS readings
INNER JOIN core.races AS races ON readings.race_id = races.race_id
WHERE readings.margin_decimals > core.finest_decimals(races.series_id) AND readings.verification IS DISTINCT FROM 'doubtful'
