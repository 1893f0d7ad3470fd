-- Question: What were the closest finishes before electronic timing, each kind of measurement by itself?
-- Parameters: limit = 30
-- Coverage: margin until 1993, series cup
SELECT rank_in_class, timing, margin_kind, margin_text, race_date, race_name, winner, runner_up, race_id
FROM marts.closest_finishes_before_1993
WHERE rank_in_class <= 5
ORDER BY timing, margin_kind, rank_in_class, race_date, race_id
LIMIT $limit;
