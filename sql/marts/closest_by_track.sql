-- Grain: race_id
CREATE OR REPLACE VIEW marts.closest_by_track AS
WITH compared AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY track_name) AS finishes_known,
    rank() OVER (PARTITION BY track_name ORDER BY margin_seconds) AS place
  FROM marts.closest_finishes
),
measured AS (
  SELECT
    track_name,
    count(*) AS races,
    count(*) FILTER (WHERE margin_kind = 'unknown') AS margins_unknown
  FROM marts.finishes
  WHERE series_id = 'cup' AND basis = 'line' AND counts_as_official_win AND timing = 'electronic'
  GROUP BY track_name
)
SELECT
  compared.track_name,
  compared.margin_seconds,
  compared.race_id,
  compared.season,
  compared.race_number,
  compared.race_date,
  compared.race_name,
  compared.winner,
  compared.runner_up,
  compared.official_margin_seconds,
  compared.rank AS rank_of_all,
  compared.finishes_known,
  measured.races,
  measured.margins_unknown,
  compared.note,
  compared.verification,
  compared.source_id,
  compared.source_url,
  compared.document_id
FROM compared
INNER JOIN measured ON compared.track_name = measured.track_name
WHERE compared.place = 1
ORDER BY compared.margin_seconds, compared.track_name, compared.race_id;
COMMENT ON VIEW marts.closest_by_track IS 'The closest finish of the Cup Series at each track: official wins, electronic timing, line order';
COMMENT ON COLUMN marts.closest_by_track.margin_seconds IS 'The smallest margin in seconds';
COMMENT ON COLUMN marts.closest_by_track.races IS 'Races of the track since electronic timing, in the warehouse';
COMMENT ON COLUMN marts.closest_by_track.margins_unknown IS 'Of these, with an unknown margin: if there is one, another finish may have been closer';
COMMENT ON COLUMN marts.closest_by_track.finishes_known IS 'How many margins of this track are known; with few known, another finish may have been closer';
