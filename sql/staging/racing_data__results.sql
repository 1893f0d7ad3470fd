-- Grain: race_key, driver_name, car_number (may be NULL)
CREATE OR REPLACE VIEW staging.racing_data__results AS
SELECT
  results.race_key,
  'racing_data' AS reading,
  'cup' AS series_id,
  results.season,
  results.driver_name,
  results.car_number,
  results.finish_position,
  results.start_position,
  results.laps_completed,
  results.laps_led,
  -- A word that is not in the vocabulary is kept as it is.
  if(statuses.status_group IS NULL, results.status_text, statuses.status) AS status,
  if(results.status_text IS NULL, statuses.status_group, coalesce(statuses.status_group, 'unknown')) AS status_group,
  results.make_text,
  results.owner_name,
  results.points,
  -- Since 2018 it lists a disqualified car as running, so that another status does not rule a disqualification out.
  coalesce(statuses.status_group = 'disqualified', FALSE) OR if(results.season >= 2018, NULL, FALSE) AS is_disqualified,
  results.document_id
FROM staging.racing_data_results AS results
LEFT JOIN seeds.result_statuses AS statuses ON results.status_text = statuses.status_text;
COMMENT ON VIEW staging.racing_data__results IS 'The results of Racing-Reference in the form of staging.source_results';
