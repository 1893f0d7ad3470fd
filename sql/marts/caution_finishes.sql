-- Grain: race_id
CREATE OR REPLACE VIEW marts.caution_finishes AS
WITH last_cautions AS (
  SELECT
    cautions.race_id,
    cautions.start_lap,
    cautions.caution_reason,
    cautions.comment,
    row_number() OVER (PARTITION BY cautions.race_id ORDER BY cautions.start_lap DESC, cautions.caution_number DESC) AS place
  FROM core.cautions AS cautions
  INNER JOIN core.races AS races ON cautions.race_id = races.race_id
  WHERE races.laps_completed BETWEEN cautions.start_lap AND cautions.end_lap
)
SELECT
  finishes.series_id,
  finishes.race_id,
  finishes.season,
  finishes.race_number,
  finishes.race_date,
  finishes.race_name,
  finishes.track_name,
  finishes.race_number IS NOT NULL AS is_points_race,
  finishes.counts_as_official_win,
  finishes.winner,
  races.laps_scheduled,
  races.laps_completed,
  last_cautions.start_lap AS caution_start_lap,
  last_cautions.caution_reason,
  last_cautions.comment AS caution_comment,
  finishes.margin_text,
  finishes.source_id,
  finishes.source_url,
  finishes.document_id
FROM marts.finishes AS finishes
INNER JOIN core.races AS races ON finishes.race_id = races.race_id
LEFT JOIN last_cautions ON finishes.race_id = last_cautions.race_id AND last_cautions.place = 1
WHERE finishes.basis = 'line' AND finishes.margin_kind = 'under_caution';
COMMENT ON VIEW marts.caution_finishes IS 'Races that finished under caution, where the field was frozen and there is no margin; before 2018 only few sources say which did';
COMMENT ON COLUMN marts.caution_finishes.is_points_race IS 'Whether it is a points race of the season, not an exhibition or a qualifying race';
COMMENT ON COLUMN marts.caution_finishes.winner IS 'The first driver when the field was frozen';
COMMENT ON COLUMN marts.caution_finishes.caution_start_lap IS 'The lap on which the last caution began; NULL if no listed caution lasted to the end';
COMMENT ON COLUMN marts.caution_finishes.caution_comment IS 'The comment of the source, verbatim';
