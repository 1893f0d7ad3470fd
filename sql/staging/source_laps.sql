-- Grain: source_id, race_key, car_number, lap_number
-- The columns of every staging.<source>__laps, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_laps AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::VARCHAR AS car_number,
  NULL::INTEGER AS lap_number,
  NULL::DECIMAL(9, 3) AS lap_time_seconds,
  NULL::DECIMAL(7, 3) AS lap_speed_mph,
  NULL::INTEGER AS running_position,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_laps IS 'Lap times, one form for all sources';
COMMENT ON COLUMN staging.source_laps.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_laps.lap_number IS 'The lap, from 1; 0 for the start';
COMMENT ON COLUMN staging.source_laps.lap_time_seconds IS 'Time of the lap in seconds';
COMMENT ON COLUMN staging.source_laps.lap_speed_mph IS 'Mean speed of the lap in miles an hour';
COMMENT ON COLUMN staging.source_laps.running_position IS 'The place at the end of the lap';
