-- Grain: row_number
CREATE OR REPLACE VIEW staging.wikipedia_closest_finishes AS
SELECT
  row_number,
  try_cast(regexp_extract(rank, '[0-9]+') AS INTEGER) AS rank,
  left(race, 4)::INTEGER AS season,
  trim(rtrim(substr(race, 5), '* ')) AS race_name,
  race_page,
  is_outside_season,
  margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  winner,
  runner_up,
  track AS track_name,
  strptime(race_date, '%B %d, %Y')::DATE AS race_date,
  revision_id,
  document_id,
  loaded_at
FROM raw.wikipedia_closest_finishes;
COMMENT ON VIEW staging.wikipedia_closest_finishes IS 'Wikipedia''s list of the closest finishes, cast: race_name is without the season, rank is NULL where the page has none';
