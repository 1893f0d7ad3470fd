-- Severity: notice
-- A kind of source value without a precedence for a fact is not used for it.
WITH stated AS (
  SELECT
    reading,
    unnest([
      { 'fact': 'race_date', 'statements': count(race_date) },
      { 'fact': 'race_name', 'statements': count(race_name) },
      { 'fact': 'track_id', 'statements': count(track_id) },
      { 'fact': 'winner_id', 'statements': count(winner_id) },
      { 'fact': 'laps_completed', 'statements': count(laps_completed) },
      { 'fact': 'lap_length_miles', 'statements': count(lap_length_miles) },
      { 'fact': 'distance_miles', 'statements': count(distance_miles) },
      { 'fact': 'race_time_seconds', 'statements': count(race_time_seconds) },
      { 'fact': 'average_speed_mph', 'statements': count(average_speed_mph) },
      { 'fact': 'pole_speed_mph', 'statements': count(pole_speed_mph) },
      { 'fact': 'cautions', 'statements': count(cautions) },
      { 'fact': 'caution_laps', 'statements': count(caution_laps) },
      { 'fact': 'lead_changes', 'statements': count(lead_changes) },
      { 'fact': 'leaders', 'statements': count(leaders) },
      { 'fact': 'starters', 'statements': count(starters) },
      { 'fact': 'schedule', 'statements': count(laps_scheduled) + count(scheduled_distance_miles) + count(stage_1_laps) + count(playoff_round) },
      { 'fact': 'race_type_id', 'statements': count(race_type_id) },
      { 'fact': 'awards_points', 'statements': count(awards_points) },
      { 'fact': 'counts_as_official_win', 'statements': count(counts_as_official_win) }
    ]) AS mentioned
  FROM core.race_readings
  GROUP BY reading
  UNION ALL
  SELECT
    reading,
    unnest([
      { 'fact': 'finish_position', 'statements': count(finish_position) },
      { 'fact': 'driver_id', 'statements': count(driver_id) },
      { 'fact': 'car_number', 'statements': count(car_number) },
      { 'fact': 'start_position', 'statements': count(start_position) },
      { 'fact': 'car_laps', 'statements': count(laps_completed) },
      { 'fact': 'laps_led', 'statements': count(laps_led) },
      { 'fact': 'status', 'statements': count(status) },
      { 'fact': 'manufacturer_id', 'statements': count(manufacturer_id) },
      { 'fact': 'points', 'statements': count(points) },
      { 'fact': 'team_name', 'statements': count(team_name) },
      { 'fact': 'owner_name', 'statements': count(owner_name) },
      { 'fact': 'gap_milliseconds', 'statements': count(gap_milliseconds) },
      { 'fact': 'times_led', 'statements': count(times_led) },
      { 'fact': 'crew_chief_name', 'statements': count(crew_chief_name) },
      { 'fact': 'sponsor', 'statements': count(sponsor) },
      { 'fact': 'playoff_points', 'statements': count(playoff_points) },
      { 'fact': 'qualifying_position', 'statements': count(qualifying_position) },
      { 'fact': 'qualifying_speed_mph', 'statements': count(qualifying_speed_mph) }
    ])
  FROM core.result_statements
  GROUP BY reading
)
SELECT stated.mentioned.fact || ' ' || stated.reading AS row_key, stated.mentioned.statements
FROM stated
ANTI JOIN seeds.fact_precedence AS ranks ON stated.mentioned.fact = ranks.fact AND ranks.reading IN (stated.reading, '*')
WHERE stated.mentioned.statements > 0
UNION ALL
SELECT 'margin ' || stated.reading || ' ' || stated.verification, count(*)
FROM staging.source_margins AS stated
ANTI JOIN core.fact_precedence AS ranks
  ON
    ranks.fact = 'margin'
    AND stated.reading = ranks.reading
    AND stated.verification = coalesce(ranks.verification, stated.verification)
GROUP BY stated.reading, stated.verification
