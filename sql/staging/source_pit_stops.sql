-- Grain: source_id, race_key, car_number, stop_number
-- The columns of every staging.<source>__pit_stops, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_pit_stops AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::VARCHAR AS car_number,
  NULL::INTEGER AS stop_number,
  NULL::INTEGER AS lap_number,
  NULL::INTEGER AS leader_lap,
  NULL::VARCHAR AS flag,
  NULL::DECIMAL(9, 3) AS pit_in_seconds,
  NULL::DECIMAL(9, 3) AS pit_out_seconds,
  NULL::DECIMAL(9, 3) AS pit_road_seconds,
  NULL::DECIMAL(9, 3) AS stop_seconds,
  NULL::VARCHAR AS stop_type,
  NULL::INTEGER AS tires_changed,
  NULL::INTEGER AS position_before,
  NULL::INTEGER AS position_after,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_pit_stops IS 'Pit stops during a race, one form for all sources';
COMMENT ON COLUMN staging.source_pit_stops.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_pit_stops.stop_number IS 'The stop of the car, from 1';
