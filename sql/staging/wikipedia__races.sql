-- Grain: race_key
CREATE OR REPLACE VIEW staging.wikipedia__races AS
SELECT
  race_key,
  'wikipedia' AS reading,
  'cup' AS series_id,
  season,
  race_date,
  race_name,
  track_name AS track_key,
  track_name,
  winner AS winner_name,
  document_id
FROM staging.wikipedia_closest_finishes;
COMMENT ON VIEW staging.wikipedia__races IS 'The races of the list of closest finishes in the form of staging.source_races; the list has no numbers';
