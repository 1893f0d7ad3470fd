-- Grain: race_key
CREATE OR REPLACE VIEW staging.wikipedia_races__races AS
SELECT
  season || ' ' || race_name AS race_key,
  'wikipedia_article' AS reading,
  'cup' AS series_id,
  season::INTEGER AS season,
  race_date,
  race_name,
  track_name AS track_key,
  track_name,
  -- It says which race it is; figures only are taken from an article.
  winner AS winner_name_in_results,
  race_time_seconds,
  average_speed_mph,
  cautions,
  caution_laps,
  lead_changes,
  document_id
FROM staging.wikipedia_races;
COMMENT ON VIEW staging.wikipedia_races__races IS 'The races of articles in the form of staging.source_races; known by day and winner, or by day and track';
