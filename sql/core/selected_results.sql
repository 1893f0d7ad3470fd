-- Grain: race_id, entry_key
-- Incremental: race_id
CREATE OR REPLACE VIEW core.selected_results AS
WITH ranks AS (
  SELECT
    reading,
    max(precedence) FILTER (WHERE fact = 'finish_position') AS finish_position,
    max(precedence) FILTER (WHERE fact = 'driver_id') AS driver_id,
    max(precedence) FILTER (WHERE fact = 'car_number') AS car_number,
    max(precedence) FILTER (WHERE fact = 'start_position') AS start_position,
    max(precedence) FILTER (WHERE fact = 'car_laps') AS car_laps,
    max(precedence) FILTER (WHERE fact = 'laps_led') AS laps_led,
    max(precedence) FILTER (WHERE fact = 'status') AS status,
    max(precedence) FILTER (WHERE fact = 'manufacturer_id') AS manufacturer_id,
    max(precedence) FILTER (WHERE fact = 'team_name') AS team_name,
    max(precedence) FILTER (WHERE fact = 'owner_name') AS owner_name,
    max(precedence) FILTER (WHERE fact = 'points') AS points
  FROM core.fact_precedence
  GROUP BY reading
),
entries AS (
  SELECT
    stated.race_id,
    stated.entry_key,
    max(CASE WHEN ranks.finish_position = selected.finish_position_precedence THEN stated.finish_position END) AS finish_position,
    max(CASE WHEN ranks.driver_id = selected.driver_id_precedence THEN stated.driver_id END) AS driver_id,
    max(CASE WHEN ranks.driver_id = selected.driver_id_precedence THEN stated.driver_name END) AS driver_name,
    max(CASE WHEN ranks.car_number = selected.car_number_precedence THEN stated.car_number END) AS car_number,
    max(CASE WHEN ranks.start_position = selected.start_position_precedence THEN stated.start_position END) AS start_position,
    max(CASE WHEN ranks.car_laps = selected.laps_completed_precedence THEN stated.laps_completed END) AS laps_completed,
    max(CASE WHEN ranks.laps_led = selected.laps_led_precedence THEN stated.laps_led END) AS laps_led,
    max(CASE WHEN ranks.status = selected.status_precedence THEN stated.status END) AS status,
    max(CASE WHEN ranks.status = selected.status_group_precedence THEN stated.status_group END) AS status_group,
    max(CASE WHEN ranks.manufacturer_id = selected.manufacturer_id_precedence THEN stated.manufacturer_id END) AS manufacturer_id,
    max(CASE WHEN ranks.team_name = selected.team_name_precedence THEN stated.team_name END) AS team_name,
    max(CASE WHEN ranks.owner_name = selected.owner_name_precedence THEN stated.owner_name END) AS owner_name,
    max(CASE WHEN ranks.owner_name = selected.owner_name_precedence THEN stated.source_id END) AS owner_source_id,
    max(CASE WHEN ranks.points = selected.points_precedence THEN stated.points END) AS points,
    bool_or(stated.is_disqualified) AS is_disqualified,
    min(stated.line_position) AS line_position,
    min(stated.result_id_nascar_feed) AS result_id_nascar_feed,
    max(CASE WHEN ranks.finish_position = selected.source_precedence THEN stated.source_id END) AS source_id,
    max(CASE WHEN ranks.finish_position = selected.source_precedence THEN stated.document_id END) AS document_id
  FROM core.result_readings AS stated
  INNER JOIN ranks ON stated.reading = ranks.reading
  INNER JOIN core.result_selections AS selected
    ON stated.race_id = selected.race_id AND stated.entry_key = selected.entry_key
  GROUP BY stated.race_id, stated.entry_key
  UNION ALL
  SELECT
    stated.race_id,
    stated.statement_key,
    stated.finish_position,
    stated.driver_id,
    stated.driver_name,
    stated.car_number,
    stated.start_position,
    stated.laps_completed,
    stated.laps_led,
    stated.status,
    stated.status_group,
    stated.manufacturer_id,
    stated.team_name,
    stated.owner_name,
    if(stated.owner_name IS NULL, NULL, stated.source_id),
    stated.points,
    stated.is_disqualified,
    stated.line_position,
    stated.result_id_nascar_feed,
    stated.source_id,
    stated.document_id
  FROM core.result_statements AS stated
  LEFT JOIN core.result_selections AS selected
    ON stated.race_id = selected.race_id AND stated.statement_key = selected.entry_key
  WHERE stated.is_listed AND selected.race_id IS NULL
)
SELECT
  entries.race_id,
  entries.entry_key,
  coalesce(corrections.finish_position::INTEGER, entries.finish_position) AS finish_position,
  entries.driver_id,
  entries.driver_name,
  entries.car_number,
  entries.start_position,
  entries.laps_completed,
  entries.laps_led,
  entries.status,
  entries.status_group,
  coalesce(makes.manufacturer_id, entries.manufacturer_id) AS manufacturer_id,
  entries.team_name,
  entries.owner_name,
  entries.owner_source_id,
  entries.points,
  entries.is_disqualified,
  entries.line_position,
  entries.result_id_nascar_feed,
  entries.source_id,
  entries.document_id
FROM entries
LEFT JOIN seeds.make_corrections AS makes ON entries.race_id = makes.race_id AND entries.driver_id = makes.driver_id
LEFT JOIN seeds.result_corrections AS corrections
  ON entries.race_id = corrections.race_id AND entries.driver_id = corrections.driver_id;
COMMENT ON VIEW core.selected_results IS 'The selected values of each entered car, of whichever sources have it, with corrected places; core.results adds ids and the line';
COMMENT ON COLUMN core.selected_results.driver_name IS 'The name as the source of driver_id has it';
COMMENT ON COLUMN core.selected_results.owner_source_id IS 'The source of owner_name';
COMMENT ON COLUMN core.selected_results.line_position IS 'The place in which it crossed the line, where a source states that';
COMMENT ON COLUMN core.selected_results.source_id IS 'The source of the finishing position';
COMMENT ON COLUMN core.selected_results.document_id IS 'The document of the finishing position; see ops.documents';
