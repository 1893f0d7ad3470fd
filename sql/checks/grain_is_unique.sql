-- Severity: fail
SELECT 'core.drivers' AS relation, driver_id AS row_key FROM core.drivers
GROUP BY driver_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.tracks', track_id FROM core.tracks
GROUP BY track_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.teams', team_id FROM core.teams
GROUP BY team_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.seasons', series_id || ' ' || season FROM core.seasons
GROUP BY series_id, season
HAVING count(*) > 1
UNION ALL
SELECT 'core.finish_orders', race_id || ' ' || basis FROM core.finish_orders
GROUP BY race_id, basis
HAVING count(*) > 1
UNION ALL
SELECT 'core.margins', race_id || ' ' || basis || ' ' || reading || ' ' || verification
FROM core.margins
GROUP BY race_id, basis, reading, verification
HAVING count(*) > 1
UNION ALL
SELECT 'core.stage_results', race_id || ' ' || stage_number || ' ' || car_number
FROM core.stage_results
GROUP BY race_id, stage_number, car_number
HAVING count(*) > 1
