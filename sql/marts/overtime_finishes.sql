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
COMMENT ON VIEW marts.overtime_finishes IS 'Races that ran longer than scheduled, known since 2015; overtime exists since July 2004, and a revised distance can hide it';
COMMENT ON COLUMN marts.overtime_finishes.series_id IS 'The series; see core.series';
COMMENT ON COLUMN marts.overtime_finishes.race_id IS 'The race; see core.races';
COMMENT ON COLUMN marts.overtime_finishes.season IS 'The season that the race counts for';
COMMENT ON COLUMN marts.overtime_finishes.race_number IS 'Its number among the points races of the season, NULL for an exhibition';
COMMENT ON COLUMN marts.overtime_finishes.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN marts.overtime_finishes.race_name IS 'What it was called';
COMMENT ON COLUMN marts.overtime_finishes.track_name IS 'The venue, under its name today';
COMMENT ON COLUMN marts.overtime_finishes.counts_as_official_win IS 'Whether the winner is credited with an official win';
COMMENT ON COLUMN marts.overtime_finishes.laps_scheduled IS 'Laps that the race was last scheduled for';
COMMENT ON COLUMN marts.overtime_finishes.laps_completed IS 'Laps that the winner completed';
COMMENT ON COLUMN marts.overtime_finishes.laps_over IS 'Laps beyond the scheduled ones';
COMMENT ON COLUMN marts.overtime_finishes.is_under_caution IS 'Whether it finished under caution all the same; NULL where unknown';
COMMENT ON COLUMN marts.overtime_finishes.margin_seconds IS 'The margin on the line, in seconds; NULL under caution or where unknown';
COMMENT ON COLUMN marts.overtime_finishes.winner IS 'The first driver on the line';
COMMENT ON COLUMN marts.overtime_finishes.source_id IS 'The source of the race';
COMMENT ON COLUMN marts.overtime_finishes.document_id IS 'Its document; see ops.documents';
