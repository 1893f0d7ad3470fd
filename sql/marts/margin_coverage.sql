-- Grain: series_id, season
CREATE OR REPLACE VIEW marts.margin_coverage AS
WITH known AS (
  SELECT
    series_id,
    season,
    count(*) AS races,
    count(*) FILTER (WHERE margin_kind = 'time') AS margins_in_seconds,
    count(*) FILTER (WHERE margin_kind NOT IN ('time', 'under_caution', 'unknown')) AS margins_in_other_units,
    count(*) FILTER (WHERE margin_kind = 'under_caution') AS finishes_under_caution,
    count(*) FILTER (WHERE margin_kind = 'unknown') AS margins_unknown,
    string_agg(DISTINCT missing_reason, '; ' ORDER BY missing_reason) FILTER (WHERE margin_kind = 'unknown') AS why_unknown
  FROM marts.finishes
  WHERE basis = 'line' AND counts_as_official_win
  GROUP BY series_id, season
)
SELECT
  coalesce(known.series_id, seasons.series_id) AS series_id,
  coalesce(known.season, seasons.season) AS season,
  seasons.points_races AS races_run,
  coalesce(known.races, 0) AS races_known,
  coalesce(known.margins_in_seconds, 0) AS margins_in_seconds,
  coalesce(known.margins_in_other_units, 0) AS margins_in_other_units,
  coalesce(known.finishes_under_caution, 0) AS finishes_under_caution,
  coalesce(known.margins_unknown, 0) AS margins_unknown,
  CASE
    WHEN known.races IS NULL OR known.margins_unknown = known.races THEN 'none'
    WHEN known.margins_unknown = 0 AND known.races >= coalesce(seasons.points_races, known.races) THEN 'complete'
    ELSE 'partial'
  END AS coverage,
  concat_ws(
    '; ',
    CASE WHEN known.races IS NULL THEN 'no source with this season was ingested' END,
    CASE
      WHEN known.races < seasons.points_races
        THEN (seasons.points_races - known.races) || ' races not in any ingested source'
    END,
    known.why_unknown
  ) AS why
FROM known
FULL JOIN core.seasons AS seasons ON known.series_id = seasons.series_id AND known.season = seasons.season
ORDER BY series_id, season;
COMMENT ON VIEW marts.margin_coverage IS 'For how many races of each season the margin of victory is known, and why not for the others';
COMMENT ON COLUMN marts.margin_coverage.races_run IS 'Points races of the season by the record books; NULL for a season that they do not list';
COMMENT ON COLUMN marts.margin_coverage.races_known IS 'Races with an official win in the warehouse';
COMMENT ON COLUMN marts.margin_coverage.margins_in_seconds IS 'Of these, with a margin in seconds';
COMMENT ON COLUMN marts.margin_coverage.margins_in_other_units IS 'Of these, with a margin in laps, car lengths or a distance';
COMMENT ON COLUMN marts.margin_coverage.coverage IS 'complete: each race has a margin or finished under caution; partial; none';
COMMENT ON COLUMN marts.margin_coverage.why IS 'What is missing and why, empty when nothing is missing';
