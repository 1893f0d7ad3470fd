-- Grain: race_key, result_id_nascar_feed
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__results AS
WITH counted AS (
  -- The feed may list the same result twice: two rows in ten seasons.
  SELECT
    *,
    count(*) OVER (PARTITION BY race_id_nascar_feed, result_id_nascar_feed) AS times_listed,
    row_number() OVER (
      PARTITION BY race_id_nascar_feed, result_id_nascar_feed
      ORDER BY points_position, finish_position, car_number, driver_name, document_id
    ) AS place,
    -- An entry list has no places, and stays for a while after the race.
    bool_or(finish_position IS NOT NULL) OVER (PARTITION BY race_id_nascar_feed) AS has_places
  FROM staging.nascar_feed_results
)
SELECT
  results.race_id_nascar_feed::VARCHAR AS race_key,
  'weekend_feed' AS reading,
  coalesce(listed.series_id, weekend.series_id) AS series_id,
  weekend.season::INTEGER AS season,
  results.driver_name,
  results.car_number,
  results.finish_position::INTEGER AS finish_position,
  results.start_position::INTEGER AS start_position,
  results.laps_completed::INTEGER AS laps_completed,
  results.laps_led::INTEGER AS laps_led,
  -- A word that is not in the vocabulary is kept as it is.
  if(statuses.status_group IS NULL, results.finishing_status, statuses.status) AS status,
  if(results.finishing_status IS NULL, statuses.status_group, coalesce(statuses.status_group, 'unknown')) AS status_group,
  lower(results.make) AS make_text,
  results.team_name,
  -- The feed has the name of the team in the place of the owner's for many cars: that names no owner.
  if(lower(results.owner_name) = lower(results.team_name), NULL, results.owner_name) AS owner_name,
  results.points::INTEGER AS points,
  results.is_disqualified,
  TRUE AS has_gaps,
  results.gap_milliseconds,
  results.times_led::INTEGER AS times_led,
  results.crew_chief_name,
  results.sponsor,
  results.playoff_points::INTEGER AS playoff_points,
  results.qualifying_position::INTEGER AS qualifying_position,
  results.qualifying_speed_mph,
  results.result_id_nascar_feed,
  results.times_listed,
  results.document_id
FROM counted AS results
INNER JOIN staging.nascar_feed_weekends AS weekend ON results.race_id_nascar_feed = weekend.race_id_nascar_feed
LEFT JOIN staging.nascar_feed_races AS listed ON results.race_id_nascar_feed = listed.race_id_nascar_feed
LEFT JOIN seeds.finishing_statuses AS statuses ON results.finishing_status IS NOT DISTINCT FROM statuses.finishing_status
WHERE results.place = 1 AND results.has_places;
COMMENT ON VIEW staging.nascar_feed__results IS 'The results of the weekend feeds in the form of staging.source_results, each once';
