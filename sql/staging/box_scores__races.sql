-- Grain: race_key
CREATE OR REPLACE VIEW staging.box_scores__races AS
SELECT
  concat_ws(' ', boxes.series_id, boxes.season, coalesce(boxes.race_date::VARCHAR, boxes.race_name)) AS race_key,
  'box_score' AS reading,
  boxes.series_id,
  boxes.season::INTEGER AS season,
  boxes.race_date,
  boxes.race_name,
  boxes.track_name AS track_key,
  -- Box scores call venues as the pages of Racing-Reference do.
  coalesce(tracks.track_name, boxes.track_name) AS track_name,
  -- It says which race it is; figures only are taken from a box score.
  boxes.winner AS winner_name_in_results,
  boxes.race_time_seconds,
  boxes.average_speed_mph,
  boxes.cautions,
  boxes.caution_laps,
  boxes.lead_changes,
  boxes.document_id
FROM staging.box_scores AS boxes
LEFT JOIN seeds.track_aliases AS aliases ON boxes.track_name = aliases.track_key AND aliases.source_id = 'racing_reference_pages'
LEFT JOIN seeds.tracks AS tracks ON aliases.track_id = tracks.track_id;
COMMENT ON VIEW staging.box_scores__races IS 'The races of box scores in the form of staging.source_races; known by day and winner, day and track, or name and winner';
