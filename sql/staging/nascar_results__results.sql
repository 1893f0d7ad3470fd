-- Grain: race_key, driver_name, car_number (may be NULL)
CREATE OR REPLACE VIEW staging.nascar_results__results AS
SELECT
  results.race_key,
  'nascar_results' AS reading,
  results.series_id,
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
  -- A car without a team has its owner in the place of one.
  if(results.team_name LIKE '% (Owner)', NULL, results.team_name) AS team_name,
  if(results.team_name LIKE '% (Owner)', replace(results.team_name, ' (Owner)', ''), NULL) AS owner_name,
  results.points,
  -- Since 2018 it lists a disqualified car as running, so that another status does not rule a disqualification out.
  coalesce(statuses.status_group = 'disqualified', FALSE) OR if(results.season >= 2018, NULL, FALSE) AS is_disqualified,
  results.document_id
FROM staging.nascar_results_results AS results
LEFT JOIN seeds.result_statuses AS statuses ON results.status_text = statuses.status_text;
COMMENT ON VIEW staging.nascar_results__results IS 'The results of nascaR.data in the form of staging.source_results';
