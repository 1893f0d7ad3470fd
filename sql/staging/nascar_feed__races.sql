-- Grain: race_key, reading
CREATE OR REPLACE VIEW staging.nascar_feed__races AS
WITH races AS (
  SELECT
    coalesce(weekend.race_id_nascar_feed, listed.race_id_nascar_feed) AS race_id_nascar_feed,
    coalesce(weekend.series_id, listed.series_id) AS series_id,
    coalesce(weekend.season, listed.season)::INTEGER AS season,
    coalesce(listed.race_type_id, weekend.race_type_id) AS race_type_id,
    -- The weekend feed often keeps the day a race was scheduled for; the index has the day it was run.
    coalesce(corrections.race_date::DATE, listed.race_date, weekend.race_date) AS race_date,
    corrections.race_date::DATE AS corrected_date,
    coalesce(weekend.document_id, listed.document_id) AS document_id,
    coalesce(listed.is_run, FALSE) OR weekend.race_id_nascar_feed IS NOT NULL AS is_run
  FROM staging.nascar_feed_races AS listed
  FULL JOIN staging.nascar_feed_weekends AS weekend ON listed.race_id_nascar_feed = weekend.race_id_nascar_feed
  LEFT JOIN seeds.race_date_corrections AS corrections
    ON
      corrections.source_id = 'nascar_feed'
      AND corrections.race_key = coalesce(weekend.race_id_nascar_feed, listed.race_id_nascar_feed)::VARCHAR
),
numbered AS (
  -- The feed has no numbers: they are those of the days. Races to be run are counted in, so that one whose result
  -- comes late does not move those after it.
  SELECT
    races.*,
    types.is_points_race::BOOLEAN AS is_points_race,
    row_number() OVER (
      PARTITION BY races.series_id, races.season, types.is_points_race
      ORDER BY races.race_date, races.race_id_nascar_feed
    )::INTEGER AS number_of_its_kind
  FROM races
  INNER JOIN seeds.race_types AS types ON types.race_type_id = races.race_type_id::VARCHAR
),
winners AS (
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
  SELECT 'date_correction' AS reading, race_id_nascar_feed, corrected_date AS race_date, document_id
  FROM races
  WHERE corrected_date IS NOT NULL
)
SELECT
  stated.race_id_nascar_feed::VARCHAR AS race_key,
  stated.reading,
  numbered.series_id,
  numbered.season,
  if(numbered.is_points_race, numbered.number_of_its_kind, NULL) AS race_number,
  if(numbered.is_points_race, NULL, numbered.number_of_its_kind) AS exhibition_number,
  stated.race_date,
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
  if(numbered.season < 2018, 'the feed has no margins before 2018', NULL) AS margin_missing_reason,
  if(stated.reading = 'date_correction', NULL, stated.race_id_nascar_feed) AS race_id_nascar_feed,
  stated.document_id
FROM stated
INNER JOIN numbered ON stated.race_id_nascar_feed = numbered.race_id_nascar_feed
LEFT JOIN winners ON stated.race_id_nascar_feed = winners.race_id_nascar_feed
WHERE numbered.is_run;
COMMENT ON VIEW staging.nascar_feed__races IS 'The races of the feed in the form of staging.source_races: as the weekend feed and the index state them, and corrected dates';
