-- Grain: race_key, reading
CREATE OR REPLACE VIEW staging.nascar_results__races AS
WITH listed AS (
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
),
races AS (
  SELECT
    listed.race_key,
    listed.series_id,
    listed.season,
    -- The number is wrong at that track only: a file that is repaired one day is not made wrong.
    coalesce(corrections.race_number::INTEGER, listed.race_number_listed) AS race_number,
    listed.race_name,
    listed.track_key,
    listed.track_key AS track_name,
    listed.winner_name,
    listed.lap_length_miles::DECIMAL(9, 3) AS lap_length_miles,
    listed.document_id
  FROM listed
  LEFT JOIN seeds.race_number_corrections AS corrections
    ON
      corrections.source_id = 'nascar_results'
      AND listed.series_id = corrections.series_id
      AND listed.season = corrections.season::INTEGER
      AND listed.race_number_listed = corrections.listed_number::INTEGER
      AND listed.track_key = corrections.track_key
)
SELECT 'nascar_results' AS reading, * FROM races
UNION ALL BY NAME
SELECT
  'name_correction' AS reading,
  races.race_key,
  races.series_id,
  races.season,
  races.race_number,
  corrections.race_name,
  races.document_id
FROM seeds.race_name_corrections AS corrections
INNER JOIN races ON corrections.source_id = 'nascar_results' AND corrections.race_key = races.race_key;
COMMENT ON VIEW staging.nascar_results__races IS 'The races of which nascaR.data has results, in the form of staging.source_races: as they are listed, and corrected names';
