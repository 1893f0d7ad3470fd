-- Grain: document_id
CREATE OR REPLACE VIEW staging.box_scores AS
WITH clocks AS (
  -- Hours, minutes and seconds, with colons or in words; etl/sources/box_score.py has the same forms.
  SELECT
    series_id,
    season,
    race_date,
    race_name,
    track,
    winner,
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
    document_id,
    loaded_at,
    regexp_extract(
      regexp_replace(lower(race_time), '^(?:([0-9]{1,2}):)?([0-9]{1,2}):([0-9]{2})$', '0\1 h \2 m \3 s'),
      '^(?:([0-9]{1,3}) ?h(?:(?:ou)?rs?)?,? (?:and )?)?([0-5]?[0-9]) ?m(?:in(?:ute)?s?)?,? (?:and )?([0-5]?[0-9]) ?s(?:ec(?:ond)?s?)?$',
      ['hours', 'minutes', 'seconds']
    ) AS clock
  FROM raw.box_scores
)
SELECT
  series_id,
  season,
  race_date::DATE AS race_date,
  race_name,
  track AS track_name,
  winner,
  nullif(
    3600 * coalesce(try_cast(clock.hours AS INTEGER), 0) + 60 * try_cast(clock.minutes AS INTEGER) + try_cast(clock.seconds AS INTEGER), 0
  ) AS race_time_seconds,
  try_cast(regexp_extract(lower(average_speed), '^([0-9.]+) ?(?:mph|miles per hour)$', 1) AS DECIMAL(7, 3)) AS average_speed_mph,
  try_cast(regexp_extract(lower(cautions), '^([0-9]{1,2})(?: for [0-9]{1,3} laps?\b.*)?$', 1) AS INTEGER) AS cautions,
  try_cast(regexp_extract(lower(cautions), '^[0-9]{1,2} for ([0-9]{1,3}) laps?\b', 1) AS INTEGER) AS caution_laps,
  try_cast(regexp_extract(lower(lead_changes), '^([0-9]{1,3})(?: (?:among|between|by) .*)?$', 1) AS INTEGER) AS lead_changes,
  margin_text,
  margin_kind,
  margin_value,
  margin_unit,
  margin_seconds,
  margin_decimals,
  is_lower_bound,
  is_approximate,
  document_id,
  loaded_at
FROM clocks;
COMMENT ON VIEW staging.box_scores IS 'Saved box scores, cast; a text of an unknown form is NULL';
