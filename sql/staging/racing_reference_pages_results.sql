-- Grain: series_id, season, race_number, finish_position, car_number (may be NULL)
CREATE OR REPLACE VIEW staging.racing_reference_pages_results AS
SELECT
  series_id,
  season,
  race_number,
  position::INTEGER AS finish_position,
  -- No grid has a thousand cars, and the columns of averages hold no more.
  nullif(try_cast(if(length(start) <= 3, start, NULL) AS USMALLINT)::INTEGER, 0) AS start_position,
  car_number,
  driver AS driver_name,
  trim(regexp_replace(sponsor_owner, '\([^()]*\)$', '')) AS sponsor,
  nullif(regexp_extract(sponsor_owner, '\(([^()]*)\)$', 1), '') AS owner_name,
  car,
  try_cast(laps AS INTEGER) AS laps_completed,
  try_cast(translate(money, '$, ', '') AS INTEGER) AS winnings_usd,
  status,
  try_cast(led AS INTEGER) AS laps_led,
  try_cast(points AS INTEGER) AS points,
  try_cast(playoff_points AS INTEGER) AS playoff_points,
  document_id,
  loaded_at
FROM raw.racing_reference_pages_results;
COMMENT ON VIEW staging.racing_reference_pages_results IS 'The results of saved race pages, cast';
