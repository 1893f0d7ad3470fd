-- Question: Which points races went into overtime, and by how many laps?
-- Parameters: series = cup, season, limit = 30
-- Coverage: laps_scheduled since 2004
SELECT
  laps_over,
  laps_scheduled,
  laps_completed,
  is_under_caution,
  margin_seconds,
  race_date,
  race_name,
  track_name,
  winner,
  race_id
FROM marts.overtime_finishes
WHERE series_id = $series AND season BETWEEN $season_from AND $season_to AND is_points_race
ORDER BY laps_over DESC, race_date ASC, race_id ASC
LIMIT $limit;
