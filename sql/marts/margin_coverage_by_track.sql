-- Grain: series_id, track_id
CREATE OR REPLACE VIEW marts.margin_coverage_by_track AS
SELECT
  series_id,
  track_id,
  min(track_name) AS track_name,
  min(season) AS first_season,
  max(season) AS last_season,
  count(*) AS races,
  count(*) FILTER (WHERE margin_kind <> 'unknown') AS margins_known,
  count(*) FILTER (WHERE margin_kind = 'time') AS margins_in_seconds,
  count(*) FILTER (WHERE margin_kind NOT IN ('time', 'under_caution', 'unknown')) AS margins_in_other_units,
  count(*) FILTER (WHERE margin_kind = 'under_caution') AS finishes_under_caution,
  count(*) FILTER (WHERE margin_kind = 'unknown') AS margins_unknown
FROM marts.finishes
WHERE basis = 'line' AND counts_as_official_win AND track_id IS NOT NULL
GROUP BY series_id, track_id
ORDER BY series_id ASC, races DESC, track_id ASC;
COMMENT ON VIEW marts.margin_coverage_by_track IS 'For how many races of each track the margin of victory is known';
COMMENT ON COLUMN marts.margin_coverage_by_track.first_season IS 'The first season with a race there';
COMMENT ON COLUMN marts.margin_coverage_by_track.last_season IS 'The last season with one';
COMMENT ON COLUMN marts.margin_coverage_by_track.races IS 'Races there with an official win in the warehouse';
COMMENT ON COLUMN marts.margin_coverage_by_track.margins_known IS 'Of these, with a margin, or finished under caution';
COMMENT ON COLUMN marts.margin_coverage_by_track.margins_in_seconds IS 'Of these, with a margin in seconds';
COMMENT ON COLUMN marts.margin_coverage_by_track.margins_in_other_units IS 'Of these, with a margin in laps, car lengths or a distance';
