-- Grain: series_id, era
CREATE OR REPLACE VIEW marts.margin_coverage_by_era AS
WITH dated AS (
  -- The modern era of the record books begins in 1972, electronic timing in 1993, the league's feed in 2018.
  SELECT
    *,
    CASE WHEN season < 1972 THEN '1949-1971' WHEN season < 1993 THEN '1972-1992' WHEN season < 2018 THEN '1993-2017' ELSE '2018-' END AS era
  FROM marts.finishes
)
SELECT
  series_id,
  era,
  count(*) AS races,
  count(*) FILTER (WHERE margin_kind <> 'unknown') AS margins_known,
  count(*) FILTER (WHERE margin_kind = 'time') AS margins_in_seconds,
  count(*) FILTER (WHERE margin_kind NOT IN ('time', 'under_caution', 'unknown')) AS margins_in_other_units,
  count(*) FILTER (WHERE margin_kind = 'under_caution') AS finishes_under_caution,
  count(*) FILTER (WHERE margin_kind = 'unknown') AS margins_unknown
FROM dated
WHERE basis = 'line' AND counts_as_official_win
GROUP BY series_id, era
ORDER BY series_id, era;
COMMENT ON VIEW marts.margin_coverage_by_era IS 'For how many races of each era the margin of victory is known';
COMMENT ON COLUMN marts.margin_coverage_by_era.era IS 'The first and the last season of the era';
COMMENT ON COLUMN marts.margin_coverage_by_era.races IS 'Races with an official win in the warehouse';
COMMENT ON COLUMN marts.margin_coverage_by_era.margins_known IS 'Of these, with a margin, or finished under caution';
COMMENT ON COLUMN marts.margin_coverage_by_era.margins_in_seconds IS 'Of these, with a margin in seconds';
COMMENT ON COLUMN marts.margin_coverage_by_era.margins_in_other_units IS 'Of these, with a margin in laps, car lengths or a distance';
