-- Severity: fail
SELECT 'core.races' AS relation, race_id AS row_key FROM core.races ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.results', race_id || ' ' || coalesce(car_number, '') FROM core.results ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.race_margins', race_id || ' ' || basis FROM core.race_margins ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.margins', race_id || ' ' || basis FROM core.margins ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.drivers', driver_id FROM core.drivers ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.tracks', track_id FROM core.tracks ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.cautions', race_id FROM core.cautions ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.lead_changes', race_id FROM core.lead_changes ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.stage_results', race_id FROM core.stage_results ANTI JOIN raw.documents USING (document_id)
UNION ALL
SELECT 'core.laps', race_id FROM core.laps ANTI JOIN raw.documents USING (document_id)
