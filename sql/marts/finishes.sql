-- Grain: race_id, basis
CREATE OR REPLACE TABLE marts.finishes AS
WITH cars AS (
  SELECT race_id, driver_id, any_value(car_number) AS car_number, any_value(make) AS make
  FROM core.results
  WHERE driver_id IS NOT NULL
  GROUP BY race_id, driver_id
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
  round(
    margins.margin_seconds * coalesce(last_laps.lap_speed_mph, races.pole_speed_mph, races.average_speed_mph) * 5280 / 3600, 2
  )::DECIMAL(9, 2) AS margin_feet_estimate,
  CASE
    WHEN margins.margin_seconds IS NULL THEN NULL
    WHEN last_laps.lap_speed_mph IS NOT NULL THEN 'winner_last_lap ' || last_laps.lap_speed_mph
    WHEN races.pole_speed_mph IS NOT NULL THEN 'pole ' || races.pole_speed_mph
    WHEN races.average_speed_mph IS NOT NULL THEN 'race_average ' || races.average_speed_mph
  END AS margin_feet_speed,
  official.margin_seconds AS official_margin_seconds,
  official_winners.driver_name AS official_winner,
  margins.timing,
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
LEFT JOIN last_laps ON margins.race_id = last_laps.race_id AND margins.winner_id = last_laps.driver_id;
COMMENT ON TABLE marts.finishes IS 'How every race of every series was finished, not ranked: the base of the rankings';
COMMENT ON COLUMN marts.finishes.basis IS 'line: in the order in which the cars crossed the line; official: after disqualifications';
COMMENT ON COLUMN marts.finishes.series_id IS 'The series; see core.series';
COMMENT ON COLUMN marts.finishes.race_id IS 'The race; see core.races';
COMMENT ON COLUMN marts.finishes.season IS 'The season that the race counts for';
COMMENT ON COLUMN marts.finishes.race_number IS 'Its number among the points races of the season, NULL for an exhibition';
COMMENT ON COLUMN marts.finishes.race_date IS 'The day on which the race was finished';
COMMENT ON COLUMN marts.finishes.race_name IS 'What it was called';
COMMENT ON COLUMN marts.finishes.track_id IS 'The venue; see core.tracks';
COMMENT ON COLUMN marts.finishes.track_name IS 'The venue, under its name today';
COMMENT ON COLUMN marts.finishes.awards_points IS 'Whether the race gave championship points';
COMMENT ON COLUMN marts.finishes.counts_as_official_win IS 'Whether the winner is credited with an official win';
COMMENT ON COLUMN marts.finishes.winner_id IS 'The first driver on this basis; see core.drivers';
COMMENT ON COLUMN marts.finishes.winner IS 'The first driver on this basis';
COMMENT ON COLUMN marts.finishes.winner_car_number IS 'The number on the winner''s car';
COMMENT ON COLUMN marts.finishes.winner_make IS 'The make of the winner''s car';
COMMENT ON COLUMN marts.finishes.runner_up_id IS 'The second driver on this basis; see core.drivers';
COMMENT ON COLUMN marts.finishes.runner_up IS 'The second driver on this basis';
COMMENT ON COLUMN marts.finishes.runner_up_car_number IS 'The number on the runner-up''s car';
COMMENT ON COLUMN marts.finishes.runner_up_make IS 'The make of the runner-up''s car';
COMMENT ON COLUMN marts.finishes.margin_kind IS 'time, laps, car_lengths, distance, under_caution, dead_heat or unknown';
COMMENT ON COLUMN marts.finishes.margin_value IS 'The number, in margin_unit';
COMMENT ON COLUMN marts.finishes.margin_unit IS 'seconds, laps, car_lengths, inches, feet, yards or miles';
COMMENT ON COLUMN marts.finishes.margin_seconds IS 'The margin on this basis, in seconds; NULL when it is no time, or unknown';
COMMENT ON COLUMN marts.finishes.margin_text IS 'The margin as its source prints it';
COMMENT ON COLUMN marts.finishes.is_lower_bound IS 'Whether the margin was at least this much';
COMMENT ON COLUMN marts.finishes.margin_feet_estimate IS 'An estimate of the distance: margin times speed, in feet; it breaks no tie';
COMMENT ON COLUMN marts.finishes.margin_feet_speed IS 'The speed of the estimate: winner_last_lap, pole or race_average, and the miles an hour';
COMMENT ON COLUMN marts.finishes.official_margin_seconds IS 'The margin between the first two of the official order, in seconds';
COMMENT ON COLUMN marts.finishes.official_winner IS 'Who is credited with the win';
COMMENT ON COLUMN marts.finishes.timing IS 'electronic, hand_timed or judged; never rank one class with another';
COMMENT ON COLUMN marts.finishes.note IS 'Why line and official order differ';
COMMENT ON COLUMN marts.finishes.missing_reason IS 'Why there is no margin, NULL when there is one';
COMMENT ON COLUMN marts.finishes.verification IS 'printed, derived, or for the almanac: verified, single_source, unverified';
COMMENT ON COLUMN marts.finishes.source_id IS 'The source of the margin';
COMMENT ON COLUMN marts.finishes.source_url IS 'Where the margin is published: the citation of the almanac, or the address of the document';
COMMENT ON COLUMN marts.finishes.document_id IS 'The document of the margin; see ops.documents';
