-- Grain: race_id, entry_key
-- Incremental: race_id
CREATE OR REPLACE TABLE core.result_selections AS
WITH preferences AS (
  -- One row a kind of source value; for a fact that it has no precedence for, it is not used. A rule of plausibility of
  -- one fact belongs in the place of TRUE.
  SELECT
    reading,
    core.preference(max(precedence) FILTER (WHERE fact = 'finish_position'), TRUE) AS finish_position,
    core.preference(max(precedence) FILTER (WHERE fact = 'driver_id'), TRUE) AS driver_id,
    core.preference(max(precedence) FILTER (WHERE fact = 'car_number'), TRUE) AS car_number,
    core.preference(max(precedence) FILTER (WHERE fact = 'start_position'), TRUE) AS start_position,
    core.preference(max(precedence) FILTER (WHERE fact = 'car_laps'), TRUE) AS car_laps,
    core.preference(max(precedence) FILTER (WHERE fact = 'laps_led'), TRUE) AS laps_led,
    core.preference(max(precedence) FILTER (WHERE fact = 'status'), TRUE) AS status,
    core.preference(max(precedence) FILTER (WHERE fact = 'manufacturer_id'), TRUE) AS manufacturer_id,
    core.preference(max(precedence) FILTER (WHERE fact = 'team_name'), TRUE) AS team_name,
    core.preference(max(precedence) FILTER (WHERE fact = 'owner_name'), TRUE) AS owner_name,
    core.preference(max(precedence) FILTER (WHERE fact = 'points'), TRUE) AS points
  FROM core.fact_precedence
  GROUP BY reading
)
SELECT
  stated.race_id,
  stated.entry_key,
  (min(preferences.finish_position) FILTER (WHERE stated.finish_position IS NOT NULL) % 1000)::SMALLINT AS finish_position_precedence,
  (min(preferences.driver_id) FILTER (WHERE stated.driver_id IS NOT NULL) % 1000)::SMALLINT AS driver_id_precedence,
  (min(preferences.car_number) FILTER (WHERE stated.car_number IS NOT NULL) % 1000)::SMALLINT AS car_number_precedence,
  (min(preferences.start_position) FILTER (WHERE stated.start_position IS NOT NULL) % 1000)::SMALLINT AS start_position_precedence,
  (min(preferences.car_laps) FILTER (WHERE stated.laps_completed IS NOT NULL) % 1000)::SMALLINT AS laps_completed_precedence,
  (min(preferences.laps_led) FILTER (WHERE stated.laps_led IS NOT NULL) % 1000)::SMALLINT AS laps_led_precedence,
  (min(preferences.status) FILTER (WHERE stated.status IS NOT NULL) % 1000)::SMALLINT AS status_precedence,
  (min(preferences.status) FILTER (WHERE stated.status_group IS NOT NULL) % 1000)::SMALLINT AS status_group_precedence,
  (min(preferences.manufacturer_id) FILTER (WHERE stated.manufacturer_id IS NOT NULL) % 1000)::SMALLINT AS manufacturer_id_precedence,
  (min(preferences.team_name) FILTER (WHERE stated.team_name IS NOT NULL) % 1000)::SMALLINT AS team_name_precedence,
  (min(preferences.owner_name) FILTER (WHERE stated.owner_name IS NOT NULL) % 1000)::SMALLINT AS owner_name_precedence,
  (min(preferences.points) FILTER (WHERE stated.points IS NOT NULL) % 1000)::SMALLINT AS points_precedence,
  (min(preferences.finish_position) % 1000)::SMALLINT AS source_precedence
FROM core.result_readings AS stated
INNER JOIN preferences ON stated.reading = preferences.reading
-- Most entries of old races and of the other series have one source, and nothing to select.
SEMI JOIN core.entry_matches AS matches ON stated.race_id = matches.race_id AND stated.entry_key = matches.entry_key
GROUP BY stated.race_id, stated.entry_key;
COMMENT ON TABLE core.result_selections IS 'Which source value of each fact of an entry is selected, of entries that several sources have: the one with this precedence';
COMMENT ON COLUMN core.result_selections.finish_position_precedence IS 'Precedence of the selected finish_position, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.driver_id_precedence IS 'Precedence of the selected driver_id, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.car_number_precedence IS 'Precedence of the selected car_number, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.start_position_precedence IS 'Precedence of the selected start_position, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.laps_completed_precedence IS 'Precedence of the selected laps_completed, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.laps_led_precedence IS 'Precedence of the selected laps_led, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.status_precedence IS 'Precedence of the selected status, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.manufacturer_id_precedence IS 'Precedence of the selected manufacturer_id, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.team_name_precedence IS 'Precedence of the selected team_name, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.owner_name_precedence IS 'Precedence of the selected owner_name, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.points_precedence IS 'Precedence of the selected points, as in core.fact_precedence; NULL where no source states it';
COMMENT ON COLUMN core.result_selections.status_group_precedence IS 'Precedence of the selected status_group, by that of the status';
COMMENT ON COLUMN core.result_selections.source_precedence IS 'Precedence, for finish_position, of the source of the row';
