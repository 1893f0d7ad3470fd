-- Grain: race_id
-- Example: FROM marts.closest(track := 'talladega', season_from := 2018) LIMIT 5
-- The linter does not know macros.
-- noqa: disable=all
CREATE OR REPLACE MACRO marts.closest(
  series := 'cup', basis := 'line', season_from := NULL, season_to := NULL, track := NULL, exhibitions := false
) AS TABLE
SELECT
  rank() OVER (ORDER BY finishes.margin_seconds)::INTEGER AS rank,
  finishes.* EXCLUDE (margin_kind, margin_value, margin_unit, is_lower_bound, is_approximate, missing_reason, is_ranked, event_id,
    margin_inches_estimate, finish_speed_mph, finish_speed_method)
FROM marts.finishes AS finishes
WHERE finishes.series_id = series
  AND finishes.basis = basis
  AND (finishes.counts_as_official_win OR exhibitions)
  AND finishes.is_ranked
  AND (season_from IS NULL OR finishes.season >= season_from)
  AND (season_to IS NULL OR finishes.season <= season_to)
  AND (track IS NULL OR finishes.track_id = track OR contains(lower(strip_accents(finishes.track_name)), lower(strip_accents(track))))
ORDER BY finishes.margin_seconds, finishes.race_date, finishes.race_id;
COMMENT ON MACRO TABLE marts.closest IS 'The closest finishes of a series (cup, nxs, truck) on a basis (line, official), between two seasons, at a track (id or part of the name), with exhibitions or without; every argument has a default';
