-- Grain: race_id
CREATE OR REPLACE VIEW marts.overtime_finishes AS
SELECT
  races.series_id,
  races.race_id,
  races.season,
  races.race_number,
  races.race_date,
  races.race_name,
  finishes.track_name,
  races.race_number IS NOT NULL AS is_points_race,
  races.counts_as_official_win,
  races.laps_scheduled,
  races.laps_completed,
  races.laps_completed - races.laps_scheduled AS laps_over,
  CASE WHEN finishes.margin_kind <> 'unknown' THEN finishes.margin_kind = 'under_caution' END AS is_under_caution,
  finishes.margin_seconds,
  finishes.winner,
  races.source_id,
  races.document_id
FROM core.races AS races
INNER JOIN marts.finishes AS finishes ON races.race_id = finishes.race_id AND finishes.basis = 'line'
WHERE races.laps_completed > races.laps_scheduled;
COMMENT ON VIEW marts.overtime_finishes IS 'Races that ran longer than scheduled, with data since 2015; overtime exists since July 2004, and a revised distance can hide it';
COMMENT ON COLUMN marts.overtime_finishes.is_points_race IS 'Whether it is a points race of the season, not an exhibition or a qualifying race';
COMMENT ON COLUMN marts.overtime_finishes.laps_over IS 'Laps beyond the scheduled ones';
COMMENT ON COLUMN marts.overtime_finishes.is_under_caution IS 'Whether it finished under caution in spite of overtime; NULL where unknown';
COMMENT ON COLUMN marts.overtime_finishes.margin_seconds IS 'The margin on the line, in seconds; NULL under caution or where unknown';
