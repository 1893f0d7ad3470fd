-- Question: In which races did the first cars cross the line closest together?
-- Parameters: series = cup, season, limit = 20
SELECT
  first_to_third_seconds,
  first_to_fifth_seconds,
  first_to_tenth_seconds,
  race_date,
  race_name,
  track_name,
  winner,
  race_id
FROM marts.finish_spreads
WHERE
  series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND counts_as_official_win
  AND first_to_third_seconds IS NOT NULL
ORDER BY first_to_third_seconds, race_date, race_id
LIMIT $limit;
SELECT
  'gap of the third car (measured since May 2020)' AS what,
  count(spreads.first_to_third_seconds) AS known,
  count(*) AS races
FROM marts.finishes AS finishes
LEFT JOIN marts.finish_spreads AS spreads ON finishes.race_id = spreads.race_id
WHERE
  finishes.series_id = $series
  AND finishes.season BETWEEN greatest($season_from, 2020) AND $season_to
  AND finishes.basis = 'line'
  AND finishes.counts_as_official_win
  AND finishes.margin_kind <> 'under_caution';
