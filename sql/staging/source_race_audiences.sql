-- Grain: source_id, race_key
-- The columns of every staging.<source>__race_audiences, which the build adds to this declaration.
CREATE OR REPLACE VIEW staging.source_race_audiences AS
SELECT
  NULL::VARCHAR AS source_id,
  NULL::VARCHAR AS race_key,
  NULL::INTEGER AS attendance,
  NULL::VARCHAR AS television_broadcaster,
  NULL::VARCHAR AS radio_broadcaster,
  NULL::VARCHAR AS document_id
WHERE FALSE;
COMMENT ON VIEW staging.source_race_audiences IS 'Attendance and broadcasters of races, one form for all sources';
COMMENT ON COLUMN staging.source_race_audiences.race_key IS 'The race, as in staging.source_races';
COMMENT ON COLUMN staging.source_race_audiences.attendance IS 'Spectators at the track, NULL where no source says';
COMMENT ON COLUMN staging.source_race_audiences.television_broadcaster IS 'Who showed it on television, as the source writes it';
COMMENT ON COLUMN staging.source_race_audiences.radio_broadcaster IS 'Who had it on the radio, as the source writes it';
