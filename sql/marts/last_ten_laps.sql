-- Grain: race_id, laps_to_go
CREATE OR REPLACE VIEW marts.last_ten_laps AS
WITH counted AS (
  SELECT laps.laps_to_go
  FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS laps (laps_to_go)
),
led AS (
  SELECT
    leads.race_id,
    counted.laps_to_go,
    races.laps_completed - counted.laps_to_go AS lap_number,
    leads.driver_id,
    leads.car_number,
    leads.source_id,
    leads.document_id,
    -- Where two stretches overlap, the later one.
    row_number() OVER (PARTITION BY leads.race_id, counted.laps_to_go ORDER BY leads.stretch_number DESC) AS place
  FROM core.lead_changes AS leads
  INNER JOIN core.races AS races ON leads.race_id = races.race_id
  INNER JOIN counted ON races.laps_completed - counted.laps_to_go BETWEEN leads.start_lap AND leads.end_lap
  WHERE races.laps_completed - counted.laps_to_go > 0
)
SELECT
  races.series_id,
  led.race_id,
  races.season,
  races.race_number,
  races.race_date,
  races.race_name,
  led.laps_to_go,
  led.lap_number,
  led.driver_id,
  drivers.driver_name,
  led.car_number,
  led.source_id,
  led.document_id
FROM led
INNER JOIN core.races AS races ON led.race_id = races.race_id
LEFT JOIN core.drivers AS drivers ON led.driver_id = drivers.driver_id
WHERE led.place = 1;
COMMENT ON VIEW marts.last_ten_laps IS 'Who led at the line on each of the last ten laps, of the races whose leaders are listed';
COMMENT ON COLUMN marts.last_ten_laps.laps_to_go IS 'Laps to go at the end of the lap: 0 is the last lap, 9 the first of the last ten';
COMMENT ON COLUMN marts.last_ten_laps.lap_number IS 'The lap';
COMMENT ON COLUMN marts.last_ten_laps.driver_id IS 'The driver who led; see core.drivers';
COMMENT ON COLUMN marts.last_ten_laps.driver_name IS 'The driver who led';
