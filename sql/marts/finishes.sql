-- Grain: race_id, basis
-- Incremental: race_id
CREATE OR REPLACE TABLE marts.finishes AS
WITH named AS (
  SELECT race_id, winner_id AS driver_id
  FROM core.race_margins
  UNION
  SELECT race_id, runner_up_id
  FROM core.race_margins
),
cars AS (
  -- Of a driver who drove two cars, the one that finished better.
  SELECT results.race_id, results.driver_id, results.car_number, results.make
  FROM core.results AS results
  SEMI JOIN named ON results.race_id = named.race_id AND results.driver_id = named.driver_id
  QUALIFY row_number() OVER (
    PARTITION BY results.race_id, results.driver_id ORDER BY results.finish_position ASC NULLS LAST, results.entry_key ASC
  ) = 1
),
last_laps AS (
  SELECT laps.race_id, laps.driver_id, laps.lap_speed_mph
  FROM core.laps AS laps
  INNER JOIN core.races AS races ON laps.race_id = races.race_id AND laps.lap_number = races.laps_completed
  WHERE laps.lap_speed_mph > 0
)
SELECT
  margins.basis,
  races.series_id,
  races.race_id,
  races.season,
  races.race_number,
  races.race_date,
  races.race_name,
  races.event_id,
  races.track_id,
  tracks.track_name,
  races.awards_points,
  races.counts_as_official_win,
  margins.winner_id,
  winners.driver_name AS winner,
  winner_cars.car_number AS winner_car_number,
  winner_cars.make AS winner_make,
  margins.runner_up_id,
  runners_up.driver_name AS runner_up,
  runner_up_cars.car_number AS runner_up_car_number,
  runner_up_cars.make AS runner_up_make,
  margins.margin_kind,
  margins.margin_value,
  margins.margin_unit,
  margins.margin_seconds,
  margins.margin_text,
  margins.is_lower_bound,
  margins.is_approximate,
  round(
    margins.margin_seconds * coalesce(last_laps.lap_speed_mph, races.pole_speed_mph, races.average_speed_mph) * 5280 / 3600, 2
  )::DECIMAL(9, 2) AS margin_feet_estimate,
  CASE
    WHEN margins.margin_seconds IS NULL THEN NULL
    WHEN last_laps.lap_speed_mph IS NOT NULL THEN 'winner_last_lap ' || last_laps.lap_speed_mph
    WHEN races.pole_speed_mph IS NOT NULL THEN 'pole ' || races.pole_speed_mph
    WHEN races.average_speed_mph IS NOT NULL THEN 'race_average ' || races.average_speed_mph
  END AS margin_feet_speed,
  round(
    margins.margin_seconds * coalesce(last_laps.lap_speed_mph, races.pole_speed_mph, races.average_speed_mph) * 63360 / 3600, 1
  )::DECIMAL(9, 1) AS margin_inches_estimate,
  coalesce(last_laps.lap_speed_mph, races.pole_speed_mph, races.average_speed_mph)::DECIMAL(7, 3) AS finish_speed_mph,
  CASE
    WHEN last_laps.lap_speed_mph IS NOT NULL THEN 'winner_last_lap'
    WHEN races.pole_speed_mph IS NOT NULL THEN 'pole'
    WHEN races.average_speed_mph IS NOT NULL THEN 'race_average'
  END AS finish_speed_method,
  official.margin_seconds AS official_margin_seconds,
  official_winners.driver_name AS official_winner,
  margins.timing,
  coalesce(
    margins.timing = 'electronic' AND margins.margin_kind = 'time' AND NOT margins.is_approximate AND margins.verification <> 'doubtful', FALSE
  ) AS is_ranked,
  margins.change_reason AS note,
  margins.missing_reason,
  margins.verification,
  margins.source_id,
  margins.source_url,
  margins.document_id
FROM core.race_margins AS margins
INNER JOIN core.races AS races ON margins.race_id = races.race_id
INNER JOIN core.race_margins AS official ON margins.race_id = official.race_id AND official.basis = 'official'
LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
LEFT JOIN core.drivers AS winners ON margins.winner_id = winners.driver_id
LEFT JOIN core.drivers AS runners_up ON margins.runner_up_id = runners_up.driver_id
LEFT JOIN core.drivers AS official_winners ON official.winner_id = official_winners.driver_id
LEFT JOIN cars AS winner_cars ON margins.race_id = winner_cars.race_id AND margins.winner_id = winner_cars.driver_id
LEFT JOIN cars AS runner_up_cars ON margins.race_id = runner_up_cars.race_id AND margins.runner_up_id = runner_up_cars.driver_id
LEFT JOIN last_laps ON margins.race_id = last_laps.race_id AND margins.winner_id = last_laps.driver_id
-- The first rows of a ranking lie together: it reads few others.
ORDER BY is_ranked DESC, races.series_id ASC, margins.basis ASC, margins.margin_seconds ASC, races.race_date ASC, races.race_id ASC;
COMMENT ON TABLE marts.finishes IS 'How every race of every series finished, not ranked: the base of the rankings';
COMMENT ON COLUMN marts.finishes.is_ranked IS 'Whether rankings may compare it: a known time, measured electronically, neither rounded nor in doubt';
COMMENT ON COLUMN marts.finishes.margin_inches_estimate IS 'The margin in inches at finish_speed_mph; an estimate that breaks no tie';
COMMENT ON COLUMN marts.finishes.finish_speed_mph IS 'The speed at the finish in miles an hour: of the winner''s last lap where laps are known, else as finish_speed_method says';
COMMENT ON COLUMN marts.finishes.finish_speed_method IS 'Which speed that is: winner_last_lap, pole (of qualifying) or race_average';
