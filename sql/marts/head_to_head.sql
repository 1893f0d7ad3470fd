-- Grain: driver_id, other_driver_id
-- Example: FROM marts.head_to_head('denny hamlin', 'kyle busch')
-- The linter does not know macros.
-- noqa: disable=all
CREATE OR REPLACE MACRO marts.head_to_head(driver, other, series := 'cup', season_from := NULL, season_to := NULL) AS TABLE
WITH people AS (
  -- An id or a whole name is that driver; other words are part of a name, accents aside.
  SELECT
    driver_id,
    driver_name,
    lower(driver) IN (driver_id, lower(driver_name)) AS is_driver,
    lower(other) IN (driver_id, lower(driver_name)) AS is_other,
    contains(lower(strip_accents(driver_name)), lower(strip_accents(driver))) AS is_like_driver,
    contains(lower(strip_accents(driver_name)), lower(strip_accents(other))) AS is_like_other,
    bool_or(lower(driver) IN (driver_id, lower(driver_name))) OVER () AS is_driver_found,
    bool_or(lower(other) IN (driver_id, lower(driver_name))) OVER () AS is_other_found
  FROM core.drivers
),
shared AS (
  SELECT
    mine.driver_id,
    theirs.driver_id AS other_driver_id,
    mine.race_id,
    mine.finish_position,
    theirs.finish_position AS other_finish_position,
    mine.is_win,
    theirs.is_win AS other_is_win,
    -- The gaps of a field that was frozen under caution mean nothing.
    if(finishes.margin_kind = 'under_caution', NULL, theirs.gap_seconds - mine.gap_seconds) AS gap_seconds,
    mine.season
  FROM marts.starts AS mine
  INNER JOIN marts.starts AS theirs ON mine.race_id = theirs.race_id AND mine.driver_id <> theirs.driver_id
  LEFT JOIN marts.finishes AS finishes ON mine.race_id = finishes.race_id AND finishes.basis = 'line'
  WHERE mine.series_id = series
    AND (season_from IS NULL OR mine.season >= season_from)
    AND (season_to IS NULL OR mine.season <= season_to)
)
SELECT
  drivers.driver_id,
  drivers.driver_name,
  others.driver_id AS other_driver_id,
  others.driver_name AS other_driver_name,
  series AS series_id,
  min(shared.season) AS first_season,
  max(shared.season) AS last_season,
  count(shared.race_id) AS races,
  count(*) FILTER (WHERE shared.finish_position < shared.other_finish_position) AS ahead,
  count(*) FILTER (WHERE shared.finish_position > shared.other_finish_position) AS behind,
  count(*) FILTER (WHERE shared.is_win) AS wins,
  count(*) FILTER (WHERE shared.other_is_win) AS other_wins,
  round(avg(shared.finish_position), 2)::DECIMAL(5, 2) AS average_finish,
  round(avg(shared.other_finish_position), 2)::DECIMAL(5, 2) AS other_average_finish,
  count(shared.gap_seconds) AS gaps_measured,
  round(avg(shared.gap_seconds), 3)::DECIMAL(9, 3) AS mean_gap_seconds
FROM people AS drivers
INNER JOIN people AS others ON drivers.driver_id <> others.driver_id
LEFT JOIN shared ON drivers.driver_id = shared.driver_id AND others.driver_id = shared.other_driver_id
WHERE if(drivers.is_driver_found, drivers.is_driver, drivers.is_like_driver)
  AND if(others.is_other_found, others.is_other, others.is_like_other)
GROUP BY drivers.driver_id, drivers.driver_name, others.driver_id, others.driver_name
-- Of drivers with part of a name, those who raced each other.
HAVING count(shared.race_id) > 0 OR (bool_and(drivers.is_driver) AND bool_and(others.is_other))
ORDER BY drivers.driver_id, others.driver_id;
COMMENT ON MACRO TABLE marts.head_to_head IS 'Two drivers (ids, names or parts of names) in the points races of a series that both started, between two seasons: who finished ahead how often, wins and average finish of each, and the mean seconds by which the first was ahead where both gaps were measured';
