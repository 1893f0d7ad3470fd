-- Grain: race_key, reading
CREATE OR REPLACE VIEW staging.nascar_feed__races AS
WITH winners AS (
  SELECT race_id_nascar_feed, min(driver_name) AS driver_name
  FROM staging.nascar_feed_results
  WHERE finish_position = 1
  GROUP BY race_id_nascar_feed
),
stated AS (
  SELECT 'weekend_feed' AS reading, * FROM staging.nascar_feed_weekends
  UNION ALL
  SELECT 'season_index' AS reading, * FROM staging.nascar_feed_races
  UNION ALL BY NAME
  SELECT
    'date_correction' AS reading,
    try_cast(corrections.race_key AS BIGINT) AS race_id_nascar_feed,
    corrections.race_date::DATE AS race_date,
    schedule.document_id
  FROM seeds.race_date_corrections AS corrections
  INNER JOIN staging.nascar_feed__schedules AS schedule
    ON corrections.source_id = 'nascar_feed' AND corrections.race_key = schedule.race_key
)
SELECT
  stated.race_id_nascar_feed::VARCHAR AS race_key,
  stated.reading,
  schedule.series_id,
  schedule.season,
  schedule.race_number,
  schedule.exhibition_number,
  -- No race is run before the day for which it is scheduled: the feed has the two days of a race that was moved exchanged.
  if(stated.scheduled_date - stated.race_date BETWEEN 1 AND 7, stated.scheduled_date, stated.race_date) AS race_date,
  stated.scheduled_date,
  stated.race_name,
  stated.track_id_nascar_feed::VARCHAR AS track_key,
  stated.track_name,
  winners.driver_name AS winner_name_in_results,
  stated.laps_scheduled::INTEGER AS laps_scheduled,
  stated.laps_completed::INTEGER AS laps_completed,
  stated.scheduled_distance_miles,
  stated.distance_miles,
  stated.race_time_seconds,
  stated.average_speed_mph,
  stated.pole_speed_mph,
  stated.cautions::INTEGER AS cautions,
  stated.caution_laps::INTEGER AS caution_laps,
  stated.lead_changes::INTEGER AS lead_changes,
  stated.leaders::INTEGER AS leaders,
  stated.starters::INTEGER AS starters,
  stated.stage_1_laps::INTEGER AS stage_1_laps,
  stated.stage_2_laps::INTEGER AS stage_2_laps,
  stated.playoff_round::INTEGER AS playoff_round,
  stated.is_restrictor_plate,
  stated.race_type_id::INTEGER AS race_type_id,
  if(schedule.season < 2018, 'the feed has no margins before 2018', NULL) AS margin_missing_reason,
  if(stated.reading = 'date_correction', NULL, stated.race_id_nascar_feed) AS race_id_nascar_feed,
  stated.document_id
FROM stated
INNER JOIN staging.nascar_feed__schedules AS schedule ON stated.race_id_nascar_feed::VARCHAR = schedule.race_key
LEFT JOIN winners ON stated.race_id_nascar_feed = winners.race_id_nascar_feed
WHERE schedule.state IN ('run', 'official');
COMMENT ON VIEW staging.nascar_feed__races IS 'The races of the feed in the form of staging.source_races: as the weekend feed and the index state them, and corrected dates';
