-- Question: How often did the lead change in each season?
-- Parameters: series = cup, season, limit = 100
-- Coverage: lead_changes
SELECT
  season,
  count(lead_changes) AS races_with_lead_changes,
  round(avg(lead_changes), 2) AS lead_changes_per_race,
  max(lead_changes) AS most_lead_changes
FROM core.races
WHERE series_id = $series AND season BETWEEN $season_from AND $season_to AND race_number IS NOT NULL
GROUP BY season
HAVING count(lead_changes) > 0
ORDER BY season
LIMIT $limit;
