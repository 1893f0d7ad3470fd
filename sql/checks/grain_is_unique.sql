-- Severity: fail
-- As each table says in its first line; races and their margins have checks of their own.
SELECT 'core.drivers ' || driver_id AS row_key FROM core.drivers
GROUP BY driver_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.driver_names ' || source_id || ' ' || driver_name || ' ' || driver_id FROM core.driver_names
GROUP BY source_id, driver_name, driver_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.tracks ' || track_id FROM core.tracks
GROUP BY track_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.track_layouts ' || layout_id FROM core.track_layouts
GROUP BY layout_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.teams ' || team_id FROM core.teams
GROUP BY team_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.team_names ' || team_name FROM core.team_names
GROUP BY team_name
HAVING count(*) > 1
UNION ALL
SELECT 'core.owners ' || owner_id FROM core.owners
GROUP BY owner_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.owner_names ' || source_id || ' ' || owner_name FROM core.owner_names
GROUP BY source_id, owner_name
HAVING count(*) > 1
UNION ALL
SELECT 'core.manufacturers ' || manufacturer_id FROM core.manufacturers
GROUP BY manufacturer_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.series ' || series_id FROM core.series
GROUP BY series_id
HAVING count(*) > 1
UNION ALL
SELECT 'core.seasons ' || series_id || ' ' || season FROM core.seasons
GROUP BY series_id, season
HAVING count(*) > 1
UNION ALL
SELECT 'core.listed_races ' || source_id || ' ' || race_key FROM core.listed_races
GROUP BY source_id, race_key
HAVING count(*) > 1
UNION ALL
SELECT 'core.race_readings ' || race_id || ' ' || reading FROM core.race_readings
GROUP BY race_id, reading
HAVING count(*) > 1
UNION ALL
SELECT 'core.results ' || race_id || ' ' || entry_key FROM core.results
GROUP BY race_id, entry_key
HAVING count(*) > 1
UNION ALL
SELECT 'core.finish_orders ' || race_id || ' ' || basis FROM core.finish_orders
GROUP BY race_id, basis
HAVING count(*) > 1
UNION ALL
SELECT 'core.margins ' || race_id || ' ' || basis || ' ' || reading || ' ' || verification FROM core.margins
GROUP BY race_id, basis, reading, verification
HAVING count(*) > 1
UNION ALL
SELECT 'core.cautions ' || race_id || ' ' || caution_number FROM core.cautions
GROUP BY race_id, caution_number
HAVING count(*) > 1
UNION ALL
SELECT 'core.lead_changes ' || race_id || ' ' || stretch_number FROM core.lead_changes
GROUP BY race_id, stretch_number
HAVING count(*) > 1
UNION ALL
SELECT 'core.stage_results ' || race_id || ' ' || stage_number || ' ' || car_number FROM core.stage_results
GROUP BY race_id, stage_number, car_number
HAVING count(*) > 1
UNION ALL
SELECT 'core.laps ' || race_id || ' ' || car_number || ' ' || lap_number FROM core.laps
GROUP BY race_id, car_number, lap_number
HAVING count(*) > 1
