-- Grain: season, race_page
-- Two names of one article lead to it twice.
CREATE OR REPLACE VIEW staging.wikipedia_races AS
WITH clocks AS (
  -- Hours, minutes and seconds, with colons or in words; etl/sources/wikipedia_race_article.py has the same forms.
  SELECT
    season,
    race_page,
    race_date,
    winner,
    track,
    average_speed,
    cautions,
    lead_changes,
    margin_text,
    margin_kind,
    margin_value,
    margin_unit,
    margin_seconds,
    margin_decimals,
    is_lower_bound,
    is_approximate,
    revision_id,
    document_id,
    loaded_at,
    regexp_extract(
      regexp_replace(race_time, '^([0-9]{1,2}):([0-9]{1,2}):([0-9.]+)$', '\1 h \2 m \3 s'),
      '^(?:([0-9]{1,2}) ?h(?:(?:ou)?rs?)?,? (?:and )?)?([0-5]?[0-9]) ?m(?:in(?:ute)?s?)?,? (?:and )?([0-5]?[0-9])(?:\.[0-9]{1,3})? ?s(?:ec(?:ond)?s?)?$',
      ['hours', 'minutes', 'seconds']
    ) AS clock
  FROM raw.wikipedia_races
)
SELECT
  season,
  race_page,
  trim(regexp_replace(race_page, '^' || season || ' ', '')) AS race_name,
  strptime(race_date, '%B %d, %Y')::DATE AS race_date,
  winner,
  track AS track_name,
  nullif(
    3600 * coalesce(try_cast(clock.hours AS INTEGER), 0) + 60 * try_cast(clock.minutes AS INTEGER) + try_cast(clock.seconds AS INTEGER), 0
  ) AS race_time_seconds,
  try_cast(
    regexp_extract(average_speed, '(?:^|\()([0-9]{2,3}(?:\.[0-9]{1,3})?) ?(?:mph|mi/h|miles per hour)\b', 1) AS DECIMAL(7, 3)
  ) AS average_speed_mph,
  try_cast(regexp_extract(cautions, '^([0-9]{1,2})(?:(?: for |/| \()[0-9]{1,3}(?: laps?)?\)?)?$', 1) AS INTEGER) AS cautions,
  try_cast(regexp_extract(cautions, '^[0-9]{1,2}(?: for |/| \()([0-9]{1,3})(?: laps?)?\)?$', 1) AS INTEGER) AS caution_laps,
  try_cast(regexp_extract(lead_changes, '^([0-9]{1,3})(?: (?:among|between|by) .*)?$', 1) AS INTEGER) AS lead_changes,
  margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  revision_id,
  document_id,
  loaded_at
FROM clocks
QUALIFY row_number() OVER (PARTITION BY season, race_page ORDER BY document_id) = 1;
COMMENT ON VIEW staging.wikipedia_races IS 'The figures in Wikipedia''s articles about single races, cast; a text of an unknown form is NULL';
