-- Question: Which winners on the line were not the official winners?
-- Parameters: series = cup, season, limit = 50
SELECT
  race_date,
  race_name,
  track_name,
  winner AS winner_on_the_line,
  official_winner,
  margin_text,
  note,
  race_id
FROM marts.finishes
WHERE
  series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND basis = 'line'
  AND awards_points
  AND winner <> official_winner
ORDER BY race_date DESC, race_id ASC
LIMIT $limit;
SELECT 'order on the line' AS what, count(*) FILTER (WHERE margins.is_line_order_known) AS known, count(*) AS races
FROM core.race_margins AS margins
INNER JOIN core.races AS races ON margins.race_id = races.race_id
WHERE
  margins.basis = 'line'
  AND races.awards_points
  AND races.series_id = $series
  AND races.season BETWEEN $season_from AND $season_to;
