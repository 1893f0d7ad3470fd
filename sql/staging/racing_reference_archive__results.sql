-- Grain: race_key, driver_name, car_number (may be NULL)
CREATE OR REPLACE VIEW staging.racing_reference_archive__results AS
SELECT
  concat_ws('-', results.series_id, results.season, lpad(results.race_number::VARCHAR, 2, '0')) AS race_key,
  'racing_reference_archive' AS reading,
  results.series_id,
  results.season::INTEGER AS season,
  results.driver_name,
  results.car_number,
  results.finish_position,
  results.start_position,
  results.laps_completed,
  results.laps_led,
  -- A word that is not in the vocabulary is kept as it is.
  if(statuses.status_group IS NULL, lower(trim(results.status)), statuses.status) AS status,
  if(lower(trim(results.status)) IS NULL, statuses.status_group, coalesce(statuses.status_group, 'unknown')) AS status_group,
  lower(regexp_replace(results.car, '^''[0-9]{2} ', '')) AS make_text,
  results.owner_name,
  results.points,
  -- Since 2018 it lists a disqualified car as running, so that another status does not rule a disqualification out.
  coalesce(statuses.status_group = 'disqualified', FALSE) OR if(results.season >= 2018, NULL, FALSE) AS is_disqualified,
  results.document_id
FROM staging.racing_reference_archive_results AS results
LEFT JOIN seeds.result_statuses AS statuses ON lower(trim(results.status)) = statuses.status_text
WHERE results.document_id IN (SELECT document_id FROM staging.racing_reference_archive__races);
COMMENT ON VIEW staging.racing_reference_archive__results IS 'The results of archived pages in the form of staging.source_results';
