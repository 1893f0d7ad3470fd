-- Grain: race_id
-- What to look for first: a race whose margin, once known, would most likely change a ranking. A point for each reason.
CREATE OR REPLACE VIEW ops.most_wanted_margins AS
WITH drafting AS (
  -- Where the field stays together: the tracks of restrictor plates, whether or not the source of a race says so.
  SELECT DISTINCT series_id, track_id
  FROM core.races
  WHERE is_restrictor_plate
),
last_changes AS (
  SELECT race_id, max(start_lap) AS lap_number
  FROM core.lead_changes
  GROUP BY race_id
),
on_lead_lap AS (
  SELECT results.race_id, count(*) AS cars
  FROM core.results AS results
  INNER JOIN core.races AS races ON results.race_id = races.race_id
  WHERE results.laps_completed >= races.laps_completed AND results.laps_completed > 0
  GROUP BY results.race_id
),
hints AS (
  -- A figure that no ranking may use, of a finish that was close.
  SELECT race_id, min(margin_text) AS margin_text
  FROM core.margins
  WHERE
    basis = 'line'
    AND (is_approximate OR verification = 'doubtful' OR margin_kind IN ('car_lengths', 'distance'))
    AND (margin_seconds <= 0.5 OR margin_kind = 'distance' OR (margin_kind = 'car_lengths' AND margin_value <= 2))
  GROUP BY race_id
),
wanted AS (
  SELECT
    finishes.race_id,
    finishes.season,
    finishes.race_date,
    finishes.race_name,
    finishes.track_name,
    finishes.official_winner AS winner,
    finishes.missing_reason,
    hints.margin_text AS hint,
    CASE WHEN hints.race_id IS NOT NULL THEN 'a page hints at a close finish' END AS by_hint,
    CASE WHEN drafting.track_id IS NOT NULL THEN 'a track where the field drafts' END AS by_track,
    CASE WHEN last_changes.lap_number >= races.laps_completed THEN 'the lead changed on the last lap' END AS by_lead,
    CASE WHEN on_lead_lap.cars >= 10 THEN 'ten or more cars ran all laps' END AS by_cars,
    CASE WHEN by_track.margins_unknown * 2 > by_track.races THEN 'most margins of the track are unknown' END AS by_coverage
  FROM marts.finishes AS finishes
  INNER JOIN core.races AS races ON finishes.race_id = races.race_id
  LEFT JOIN drafting ON races.series_id = drafting.series_id AND races.track_id = drafting.track_id
  LEFT JOIN last_changes ON finishes.race_id = last_changes.race_id
  LEFT JOIN on_lead_lap ON finishes.race_id = on_lead_lap.race_id
  LEFT JOIN hints ON finishes.race_id = hints.race_id
  LEFT JOIN marts.closest_by_track AS by_track ON finishes.track_name = by_track.track_name
  WHERE
    finishes.series_id = 'cup'
    AND finishes.basis = 'line'
    AND finishes.counts_as_official_win
    AND finishes.timing = 'electronic'
    AND NOT finishes.is_ranked
    AND finishes.margin_kind <> 'under_caution'
)
SELECT
  race_id,
  season,
  race_date,
  race_name,
  track_name,
  winner,
  CASE WHEN by_hint IS NOT NULL THEN 2 ELSE 0 END
  + CASE WHEN by_track IS NOT NULL THEN 2 ELSE 0 END
  + CASE WHEN by_lead IS NOT NULL THEN 2 ELSE 0 END
  + CASE WHEN by_cars IS NOT NULL THEN 1 ELSE 0 END
  + CASE WHEN by_coverage IS NOT NULL THEN 1 ELSE 0 END AS points,
  concat_ws('; ', by_hint, by_track, by_lead, by_cars, by_coverage) AS reasons,
  hint,
  missing_reason
FROM wanted
ORDER BY points DESC, race_date DESC, race_id ASC;
COMMENT ON VIEW ops.most_wanted_margins IS 'Cup races since electronic timing without a margin that may be ranked, those first whose margin would most likely change a ranking';
COMMENT ON COLUMN ops.most_wanted_margins.points IS 'Two for a hint at a close finish, a drafting track or a change of the lead on the last lap, one for each other reason';
COMMENT ON COLUMN ops.most_wanted_margins.reasons IS 'What speaks for a close finish';
COMMENT ON COLUMN ops.most_wanted_margins.hint IS 'The figure that is known and not ranked, as its page has it; NULL without one';
