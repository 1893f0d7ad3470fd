-- Severity: notice
-- A kind of source value without a precedence for a fact is not used for it.
WITH stated AS (
  SELECT
    reading,
    unnest([
      { 'fact': 'race_date', 'times': count(race_date) },
      { 'fact': 'race_name', 'times': count(race_name) },
      { 'fact': 'track_id', 'times': count(track_id) },
      { 'fact': 'winner_id', 'times': count(winner_id) },
      { 'fact': 'laps_completed', 'times': count(laps_completed) },
      { 'fact': 'lap_length_miles', 'times': count(lap_length_miles) },
      { 'fact': 'distance_miles', 'times': count(distance_miles) },
      { 'fact': 'race_time_seconds', 'times': count(race_time_seconds) },
      { 'fact': 'average_speed_mph', 'times': count(average_speed_mph) },
      { 'fact': 'pole_speed_mph', 'times': count(pole_speed_mph) },
      { 'fact': 'cautions', 'times': count(cautions) },
      { 'fact': 'caution_laps', 'times': count(caution_laps) },
      { 'fact': 'lead_changes', 'times': count(lead_changes) },
      { 'fact': 'leaders', 'times': count(leaders) },
      { 'fact': 'starters', 'times': count(starters) },
      { 'fact': 'schedule', 'times': count(laps_scheduled) + count(scheduled_distance_miles) + count(stage_1_laps) + count(playoff_round) },
      { 'fact': 'race_type_id', 'times': count(race_type_id) },
      { 'fact': 'awards_points', 'times': count(awards_points) },
      { 'fact': 'counts_as_official_win', 'times': count(counts_as_official_win) }
    ]) AS mentioned
  FROM core.race_readings
  GROUP BY reading
  UNION ALL
  SELECT
    reading,
    unnest([
      { 'fact': 'finish_position', 'times': count(finish_position) },
      { 'fact': 'driver_id', 'times': count(driver_id) },
      { 'fact': 'car_number', 'times': count(car_number) },
      { 'fact': 'start_position', 'times': count(start_position) },
      { 'fact': 'car_laps', 'times': count(laps_completed) },
      { 'fact': 'laps_led', 'times': count(laps_led) },
      { 'fact': 'status', 'times': count(status) },
      { 'fact': 'manufacturer_id', 'times': count(manufacturer_id) },
      { 'fact': 'points', 'times': count(points) },
      { 'fact': 'team_name', 'times': count(team_name) },
      { 'fact': 'owner_name', 'times': count(owner_name) },
      { 'fact': 'gap_milliseconds', 'times': count(gap_milliseconds) },
      { 'fact': 'times_led', 'times': count(times_led) },
      { 'fact': 'crew_chief_name', 'times': count(crew_chief_name) },
      { 'fact': 'sponsor', 'times': count(sponsor) },
      { 'fact': 'playoff_points', 'times': count(playoff_points) },
      { 'fact': 'qualifying_position', 'times': count(qualifying_position) },
      { 'fact': 'qualifying_speed_mph', 'times': count(qualifying_speed_mph) }
    ])
  FROM core.result_statements
  GROUP BY reading
)
SELECT stated.mentioned.fact || ' ' || stated.reading AS row_key, stated.mentioned.times
FROM stated
ANTI JOIN seeds.fact_precedence AS ranks ON stated.mentioned.fact = ranks.fact AND ranks.reading IN (stated.reading, '*')
WHERE stated.mentioned.times > 0
UNION ALL
SELECT 'margin ' || stated.reading || ' ' || stated.verification, count(*)
FROM staging.source_margins AS stated
ANTI JOIN core.fact_precedence AS ranks
  ON
    ranks.fact = 'margin'
    AND stated.reading = ranks.reading
    AND stated.verification = coalesce(ranks.verification, stated.verification)
GROUP BY stated.reading, stated.verification
