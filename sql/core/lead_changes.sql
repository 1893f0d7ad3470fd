-- Grain: race_id, stretch_number
-- Incremental: race_id
CREATE OR REPLACE TABLE core.lead_changes AS
SELECT
  ids.race_id,
  row_number() OVER (PARTITION BY ids.race_id ORDER BY leaders.start_lap, leaders.end_lap, leaders.car_number, results.entry_key)::INTEGER AS stretch_number,
  leaders.car_number,
  results.driver_id,
  leaders.start_lap,
  leaders.end_lap,
  if(leaders.start_lap = 0, 0, leaders.end_lap - leaders.start_lap + 1)::INTEGER AS laps_led,
  leaders.source_id,
  leaders.document_id
FROM staging.source_lead_changes AS leaders
INNER JOIN core.source_races AS ids ON leaders.source_id = ids.source_id AND leaders.race_key = ids.race_key
LEFT JOIN core.results AS results
  ON ids.race_id = results.race_id AND leaders.car_number = results.car_number AND results.is_starter;
COMMENT ON TABLE core.lead_changes IS 'Who led each race when: the lead changed between one row and the next';
COMMENT ON COLUMN core.lead_changes.stretch_number IS 'Its order in the race, from 1';
COMMENT ON COLUMN core.lead_changes.car_number IS 'The car in the lead';
COMMENT ON COLUMN core.lead_changes.start_lap IS 'First lap of the stretch; 0 for the car on the pole before the start';
COMMENT ON COLUMN core.lead_changes.end_lap IS 'Last lap of the stretch';
COMMENT ON COLUMN core.lead_changes.laps_led IS 'Laps led in the stretch, 0 before the start';
