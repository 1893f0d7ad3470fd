-- Grain: series_id, season, track_kind (may be NULL), track_surface (may be NULL)
CREATE OR REPLACE VIEW marts.margin_trends AS
WITH finishes AS (
  SELECT
    finishes.series_id,
    finishes.season,
    finishes.race_id,
    layouts.kind AS track_kind,
    coalesce(races.track_surface, layouts.surface) AS track_surface,
    finishes.margin_kind,
    CASE WHEN finishes.is_ranked THEN finishes.margin_seconds END AS margin_seconds
  FROM marts.finishes AS finishes
  INNER JOIN core.races AS races ON finishes.race_id = races.race_id
  LEFT JOIN core.track_layouts AS layouts ON races.layout_id = layouts.layout_id
  WHERE
    finishes.basis = 'line'
    AND finishes.counts_as_official_win
    AND finishes.timing = 'electronic'
),
placed AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY series_id, season, track_kind, track_surface ORDER BY margin_seconds NULLS LAST, race_id
    ) AS place,
    count(margin_seconds) OVER (PARTITION BY series_id, season, track_kind, track_surface) AS measured
  FROM finishes
),
counted AS (
  SELECT
    series_id,
    season,
    track_kind,
    track_surface,
    count(*) AS races,
    count(margin_seconds) AS margins,
    count(*) FILTER (WHERE margin_kind = 'under_caution') AS finishes_under_caution,
    count(*) FILTER (WHERE margin_kind NOT IN ('time', 'under_caution')) AS margins_unknown,
    count(*) FILTER (WHERE margin_seconds <= 0.5) AS within_half_second,
    count(*) FILTER (WHERE margin_seconds <= 0.1) AS within_tenth,
    -- The median: the margin in the middle, or of an even number the mean of the two in the middle.
    (
      min(CASE WHEN place * 2 IN (measured, measured + 1) THEN margin_seconds END)
      + min(CASE WHEN place * 2 IN (measured + 1, measured + 2) THEN margin_seconds END)
    ) * 0.5 AS median_seconds,
    avg(margin_seconds) AS mean_seconds
  FROM placed
  GROUP BY series_id, season, track_kind, track_surface
)
SELECT
  series_id,
  season,
  track_kind,
  track_surface,
  races,
  margins,
  finishes_under_caution,
  margins_unknown,
  within_half_second,
  within_tenth,
  cast(CASE WHEN margins_unknown = 0 THEN median_seconds END AS DECIMAL(9, 3)) AS median_margin_seconds,
  cast(CASE WHEN margins_unknown = 0 THEN round(mean_seconds, 3) END AS DECIMAL(9, 3)) AS mean_margin_seconds,
  cast(CASE WHEN margins_unknown = 0 THEN round(within_half_second * 1.0 / races, 4) END AS DECIMAL(5, 4)) AS share_within_half_second,
  cast(CASE WHEN margins_unknown = 0 THEN round(within_tenth * 1.0 / races, 4) END AS DECIMAL(5, 4)) AS share_within_tenth,
  cast(CASE WHEN margins_unknown = 0 THEN round(finishes_under_caution * 1.0 / races, 4) END AS DECIMAL(5, 4)) AS share_under_caution
FROM counted;
COMMENT ON VIEW marts.margin_trends IS 'How close finishes were by season and kind of track: line order, electronic timing, official wins; no mean if a finish is unknown';
COMMENT ON COLUMN marts.margin_trends.track_kind IS 'oval, road course, street course, beach and road; NULL where the layout is not known';
COMMENT ON COLUMN marts.margin_trends.races IS 'Races with an official win in the warehouse';
COMMENT ON COLUMN marts.margin_trends.margins IS 'Of these, with a margin in seconds';
COMMENT ON COLUMN marts.margin_trends.margins_unknown IS 'Of these, without a known finish; the almanac alone has only the closest ones, which are not a sample';
COMMENT ON COLUMN marts.margin_trends.within_half_second IS 'Races with a margin of 0.5 s or less';
COMMENT ON COLUMN marts.margin_trends.within_tenth IS 'Races with a margin of 0.1 s or less';
COMMENT ON COLUMN marts.margin_trends.median_margin_seconds IS 'Median margin in seconds, without those under caution; NULL when a finish is unknown';
COMMENT ON COLUMN marts.margin_trends.mean_margin_seconds IS 'Mean margin in seconds, without those under caution; NULL when a finish is unknown';
COMMENT ON COLUMN marts.margin_trends.share_within_half_second IS 'Share of all races with a margin of 0.5 s or less, 0 to 1; NULL when a finish is unknown';
COMMENT ON COLUMN marts.margin_trends.share_within_tenth IS 'Share of all races with a margin of 0.1 s or less, 0 to 1; NULL when a finish is unknown';
COMMENT ON COLUMN marts.margin_trends.share_under_caution IS 'Share of all races that finished under caution, 0 to 1; NULL when a finish is unknown';
