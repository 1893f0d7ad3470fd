-- Question: How did the record of the closest finish come down?
-- Parameters: limit = 30
-- Coverage: margin since 1993, series cup
SELECT race_date, margin_seconds, record_before_seconds, race_name, track_name, winner, runner_up, race_id
FROM marts.record_progression
ORDER BY race_date, race_id
LIMIT $limit;
