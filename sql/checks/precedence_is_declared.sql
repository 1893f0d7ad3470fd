-- Severity: fail
-- A reading without a rank for a fact would be left out in silence.
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
      { 'fact': 'race_type_id', 'statements': count(race_type_id) }
    ]) AS told
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
      { 'fact': 'owner_name', 'statements': count(owner_name) }
    ])
  FROM core.result_statements
  GROUP BY reading
)
SELECT stated.told.fact || ' ' || stated.reading AS row_key, stated.told.statements
FROM stated
ANTI JOIN seeds.fact_precedence AS ranks ON stated.told.fact = ranks.fact AND stated.reading = ranks.reading
WHERE stated.told.statements > 0
UNION ALL
SELECT 'margin almanac ' || finishes.verification, count(*)
FROM staging.almanac_finishes AS finishes
ANTI JOIN seeds.margin_precedence AS ranks ON ranks.reading = 'almanac' AND finishes.verification = ranks.verification
GROUP BY finishes.verification
UNION ALL
-- Of two readings with the same rank nobody would know which one is believed.
SELECT fact || ' ' || string_agg(reading, ' ' ORDER BY reading), count(*)
FROM seeds.fact_precedence
GROUP BY fact, precedence
HAVING count(*) > 1
