-- Grain: race_key
CREATE OR REPLACE VIEW staging.wikipedia_closest_finishes AS
WITH listed AS (
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
  FROM raw.wikipedia_closest_finishes
)
SELECT
  -- Two races of a season may have one name: Martinsville and Richmond had the Cook Out 400 of 2024.
  season
  || ' '
  || race_name
  || if(race_date = min(race_date) OVER (PARTITION BY season, race_name), '', ' ' || race_date::VARCHAR) AS race_key,
  row_number,
  rank,
  season,
  race_name,
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
  track_name,
  race_date,
  revision_id,
  document_id,
  loaded_at
FROM listed
-- People edit the page: a row may be there twice. Two that differ contradict each other, and a check sets the list aside.
QUALIFY row_number() OVER (
  PARTITION BY season, race_name, race_date, winner, runner_up, margin_text ORDER BY row_number
) = 1;
COMMENT ON VIEW staging.wikipedia_closest_finishes IS 'Wikipedia''s list of the closest finishes, cast: race_name is without the season, rank is NULL where the page has none';
