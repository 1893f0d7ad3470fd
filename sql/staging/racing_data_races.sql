-- Grain: race_key
CREATE OR REPLACE VIEW staging.racing_data_races AS
SELECT
  race_id AS race_key,
  'cup' AS series_id,
  season::INTEGER AS season,
  race_num::INTEGER AS race_number,
  -- The year has two digits: a race is of its season's year, or of the one before.
  make_date(
    if(right(race_date, 2)::INTEGER = season::INTEGER % 100, season::INTEGER, season::INTEGER - 1),
    left(race_date, 2)::INTEGER,
    substr(race_date, 4, 2)::INTEGER
  ) AS race_date,
  trim(race_track_id) AS track_key,
  trim(race_track_name) AS track_name,
  -- A count has no sign: -1 stands for unknown.
  try_cast(race_car_count AS USMALLINT)::INTEGER AS starters,
  nullif(trim(race_winner_name), '') AS winner,
  nullif(trim(race_winner_real_id), '') AS winner_id_racing_reference,
  nullif(try_cast(race_lap_len AS DECIMAL(7, 3)), 0) AS lap_length_miles,
  race_track_surface AS surface_code,
  nullif(try_cast(race_miles_completed AS DECIMAL(9, 3)), 0) AS distance_miles,
  nullif(try_cast(race_purse_completed AS BIGINT), 0) AS purse_usd,
  nullif(try_cast(race_pole_time AS DECIMAL(7, 3)), 0) AS pole_speed_mph,
  try_cast(race_cautions AS USMALLINT)::INTEGER AS cautions,
  nullif(try_cast(race_speed AS DECIMAL(7, 3)), 0) AS average_speed_mph,
  try_cast(race_lead_changes AS USMALLINT)::INTEGER AS lead_changes,
  -- The names of the addresses are those of the races, but for old seasons, which have numbers. A month or a town in
  -- brackets tells two races of one name apart.
  nullif(
    regexp_replace(
      replace(regexp_extract(coalesce(try(url_decode(race_id)), race_id), '^[0-9]{4}_(.+)$', 1), '_', ' '), ' \([^)]*\)$', ''
    ),
    ''
  ) AS race_name,
  race_url,
  document_id,
  loaded_at
FROM raw.racing_data_races;
COMMENT ON VIEW staging.racing_data_races IS 'The races of Racing-Reference''s season tables, cast; a race to be run has no winner; pole times of the source are speeds';
