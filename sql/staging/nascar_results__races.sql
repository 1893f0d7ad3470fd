-- Grain: race_key
CREATE OR REPLACE VIEW staging.nascar_results__races AS
WITH races AS (
  SELECT
    race_key,
    min(series_id) AS series_id,
    min(season) AS season,
    min(race_number_listed) AS race_number_listed,
    min(race_name) AS race_name,
    min(track_key) AS track_key,
    min(driver_name) FILTER (WHERE finish_position = 1) AS winner_name,
    min(lap_length_miles) FILTER (WHERE finish_position = 1) AS lap_length_miles,
    min(document_id) AS document_id
  FROM staging.nascar_results_results
  GROUP BY race_key
)
SELECT
  races.race_key,
  'nascar_results' AS reading,
  races.series_id,
  races.season,
  -- The number is wrong at that track only: a file that is repaired one day is not made wrong.
  coalesce(corrections.race_number::INTEGER, races.race_number_listed) AS race_number,
  races.race_name,
  races.track_key,
  races.track_key AS track_name,
  races.winner_name,
  races.lap_length_miles::DECIMAL(9, 3) AS lap_length_miles,
  races.document_id
FROM races
LEFT JOIN seeds.race_number_corrections AS corrections
  ON
    corrections.source_id = 'nascar_results'
    AND races.series_id = corrections.series_id
    AND races.season = corrections.season::INTEGER
    AND races.race_number_listed = corrections.listed_number::INTEGER
    AND races.track_key = corrections.track_key;
COMMENT ON VIEW staging.nascar_results__races IS 'The races of which nascaR.data has results, in the form of staging.source_races';
