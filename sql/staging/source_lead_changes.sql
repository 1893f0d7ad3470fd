-- Grain: source_id, race_key, start_lap, end_lap
-- The columns of every staging.<source>__lead_changes, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_lead_changes AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::INTEGER AS start_lap,
  NULL::INTEGER AS end_lap,
  NULL::VARCHAR AS car_number,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_lead_changes IS 'The stretches of laps that one car led, one form for all sources';
COMMENT ON COLUMN staging.source_lead_changes.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_lead_changes.start_lap IS 'The first lap that the car led; 0 before the first lap';
COMMENT ON COLUMN staging.source_lead_changes.end_lap IS 'The last lap that the car led';
