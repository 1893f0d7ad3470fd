-- Grain: race_id, fact, reading
-- Incremental: race_id
-- The rules by which a source value of a race contradicts others, all in this place. A value that does gives way to one of
-- the next precedence that does not; if all do, precedence decides, but an impossible one is never selected.
CREATE OR REPLACE TABLE core.implausible_race_values AS
WITH ranks AS (
  SELECT
    reading,
    max(precedence) FILTER (WHERE fact = 'laps_completed') AS laps_completed,
    max(precedence) FILTER (WHERE fact = 'lap_length_miles') AS lap_length_miles,
    max(precedence) FILTER (WHERE fact = 'distance_miles') AS distance_miles,
    max(precedence) FILTER (WHERE fact = 'race_time_seconds') AS race_time_seconds,
    max(precedence) FILTER (WHERE fact = 'average_speed_mph') AS average_speed_mph,
    max(tolerance) FILTER (WHERE fact = 'race_date') AS days_off
  FROM core.fact_precedence
  GROUP BY reading
),
preferred AS (
  SELECT
    stated.race_id,
    arg_min(stated.laps_completed, ranks.laps_completed) FILTER (WHERE stated.reading = 'results') AS laps_of_winner,
    arg_min(stated.laps_completed, ranks.laps_completed) AS laps_completed,
    -- Where no source has a length, the scheduled distance gives it.
    coalesce(
      arg_min(stated.lap_length_miles, ranks.lap_length_miles),
      min(stated.scheduled_distance_miles / nullif(stated.laps_scheduled, 0))
    ) AS lap_length_miles,
    arg_min(stated.race_time_seconds, ranks.race_time_seconds) AS race_time_seconds,
    arg_min(stated.average_speed_mph, ranks.average_speed_mph) AS average_speed_mph,
    -- A day that contradicts its own day of the week makes no other implausible, nor does one that may be off by a day.
    max(stated.race_date) FILTER (
      WHERE coalesce(stated.stated_weekday, dayname(stated.race_date)) = dayname(stated.race_date) AND ranks.days_off = 0
    ) AS last_date
  FROM core.race_readings AS stated
  INNER JOIN ranks ON stated.reading = ranks.reading
  GROUP BY stated.race_id
),
arithmetic AS (
  SELECT
    *,
    laps_completed * lap_length_miles AS miles_by_laps,
    average_speed_mph * race_time_seconds / 3600 AS miles_by_time
  FROM preferred
),
distances AS (
  -- Laps times length and speed times time are both within one part in fifty of a true distance: lengths of courses differ so
  -- much between sources. One that is right by either stands.
  SELECT
    stated.race_id,
    stated.reading,
    stated.distance_miles,
    ranks.distance_miles AS precedence,
    least(
      abs(stated.distance_miles / facts.miles_by_laps - 1), abs(stated.distance_miles / facts.miles_by_time - 1)
    ) > 0.02 AS is_implausible,
    coalesce(facts.miles_by_laps, facts.miles_by_time) AS miles
  FROM core.race_readings AS stated
  INNER JOIN ranks ON stated.reading = ranks.reading
  INNER JOIN arithmetic AS facts ON stated.race_id = facts.race_id
  WHERE stated.distance_miles IS NOT NULL
),
speeds AS (
  SELECT
    race_id,
    arg_min(distance_miles, precedence) FILTER (WHERE is_implausible IS NOT TRUE) AS distance_miles
  FROM distances
  GROUP BY race_id
)
SELECT
  race_id,
  'distance_miles' AS fact,
  reading,
  'it contradicts ' || round(miles, 1) || ' miles, which laps and speed give' AS reason,
  distance_miles NOT BETWEEN 0.5 * miles AND 2 * miles AS is_impossible
FROM distances
WHERE is_implausible
UNION ALL
SELECT
  stated.race_id,
  'average_speed_mph',
  stated.reading,
  coalesce(
    'it is not distance by time, ' || round(speeds.distance_miles * 3600 / facts.race_time_seconds, 3) || ' mph',
    'no race was so slow or so fast'
  ),
  -- Of no series.
  stated.average_speed_mph NOT BETWEEN 20 AND 250
FROM core.race_readings AS stated
INNER JOIN arithmetic AS facts ON stated.race_id = facts.race_id
LEFT JOIN speeds ON stated.race_id = speeds.race_id
WHERE
  abs(stated.average_speed_mph - speeds.distance_miles * 3600 / facts.race_time_seconds) > 0.01
  OR stated.average_speed_mph NOT BETWEEN 20 AND 250
UNION ALL
SELECT
  race_id,
  'pole_speed_mph',
  reading,
  'no car qualified so slowly or so fast',
  TRUE
FROM core.race_readings
WHERE pole_speed_mph NOT BETWEEN 20 AND 250
UNION ALL
SELECT
  stated.race_id,
  'race_time_seconds',
  stated.reading,
  'it is not distance by speed, ' || round(speeds.distance_miles * 3600 / facts.average_speed_mph) || ' seconds',
  speeds.distance_miles * 3600 / stated.race_time_seconds NOT BETWEEN 20 AND 250
FROM core.race_readings AS stated
INNER JOIN arithmetic AS facts ON stated.race_id = facts.race_id
INNER JOIN speeds ON stated.race_id = speeds.race_id
WHERE abs(facts.average_speed_mph - speeds.distance_miles * 3600 / stated.race_time_seconds) > 0.01
UNION ALL
SELECT
  stated.race_id,
  'laps_completed',
  stated.reading,
  'the winner ran ' || facts.laps_of_winner || ' laps',
  FALSE
FROM core.race_readings AS stated
INNER JOIN arithmetic AS facts ON stated.race_id = facts.race_id
WHERE stated.laps_completed <> facts.laps_of_winner
UNION ALL
-- A race is dated by the day on which it was finished. Sources err to the early side: they keep the day it was scheduled for.
SELECT
  stated.race_id,
  'race_date',
  stated.reading,
  CASE
    WHEN dayname(stated.race_date) <> stated.stated_weekday
      THEN 'it was a ' || dayname(stated.race_date) || ', and the source says ' || stated.stated_weekday
    WHEN stated.race_date < stated.scheduled_date
      THEN 'it is before ' || stated.scheduled_date || ', the day for which the race was scheduled'
    ELSE 'another source has the race finished later, on ' || facts.last_date
  END,
  FALSE
FROM core.race_readings AS stated
INNER JOIN core.fact_precedence AS dates ON dates.fact = 'race_date' AND stated.reading = dates.reading
INNER JOIN arithmetic AS facts ON stated.race_id = facts.race_id
WHERE
  -- The first of the precedence is a date that was corrected by hand.
  dates.precedence > 1
  AND (
    dayname(stated.race_date) <> stated.stated_weekday
    OR stated.race_date < stated.scheduled_date
    OR facts.last_date - stated.race_date BETWEEN 1 AND 7
  );
COMMENT ON TABLE core.implausible_race_values IS 'Source values of races that contradict arithmetic or other sources, and are selected only if all do';
COMMENT ON COLUMN core.implausible_race_values.fact IS 'The fact, as in core.race_facts';
COMMENT ON COLUMN core.implausible_race_values.reading IS 'The kind of source value; see core.race_readings';
COMMENT ON COLUMN core.implausible_race_values.reason IS 'What it contradicts';
COMMENT ON COLUMN core.implausible_race_values.is_impossible IS 'Whether it is so far off that no value is better';
