-- Question: Which points races finished under caution?
-- Parameters: series = cup, season, limit = 50
-- Example: --season 2024
-- Coverage: margin
SELECT race_date, race_name, track_name, winner, laps_scheduled, laps_completed, caution_reason, race_id
FROM marts.caution_finishes
WHERE series_id = $series AND season BETWEEN $season_from AND $season_to AND is_points_race
ORDER BY race_date DESC, race_id ASC
LIMIT $limit;
