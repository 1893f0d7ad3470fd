-- Severity: fail
-- The last win by a lap or more was at North Wilkesboro in 1994.
SELECT margins.race_id || ' ' || margins.basis AS row_key, margins.document_id, margins.margin_text
FROM core.race_margins AS margins
INNER JOIN core.races AS races ON margins.race_id = races.race_id
WHERE margins.margin_kind = 'laps' AND races.series_id = 'cup' AND races.season > 1994
