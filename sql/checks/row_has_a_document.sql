-- Severity: fail
-- Every table of core; views pass on the documents of the tables that they read.
WITH cited AS (
  SELECT 'core.cautions' AS relation, document_id FROM core.cautions
  UNION ALL
  SELECT 'core.champions', document_id FROM core.champions
  UNION ALL
  SELECT 'core.driver_names', document_id FROM core.driver_names
  UNION ALL
  SELECT 'core.drivers', document_id FROM core.drivers
  UNION ALL
  SELECT 'core.finish_orders', document_id FROM core.finish_orders
  UNION ALL
  SELECT 'core.flags', document_id FROM core.flags
  UNION ALL
  SELECT 'core.laps', document_id FROM core.laps
  UNION ALL
  SELECT 'core.lead_changes', document_id FROM core.lead_changes
  UNION ALL
  SELECT 'core.listed_races', document_id FROM core.listed_races
  UNION ALL
  SELECT 'core.loop_statistics', document_id FROM core.loop_statistics
  UNION ALL
  SELECT 'core.manufacturers', document_id FROM core.manufacturers
  UNION ALL
  SELECT 'core.margin_readings', document_id FROM core.margin_readings
  UNION ALL
  SELECT 'core.margins', document_id FROM core.margins
  UNION ALL
  SELECT 'core.owner_names', document_id FROM core.owner_names
  UNION ALL
  SELECT 'core.owners', document_id FROM core.owners
  UNION ALL
  SELECT 'core.places_in_doubt', document_id FROM core.places_in_doubt
  UNION ALL
  SELECT 'core.pit_stops', document_id FROM core.pit_stops
  UNION ALL
  SELECT 'core.race_audiences', document_id FROM core.race_audiences
  UNION ALL
  SELECT 'core.race_listings', document_id FROM core.race_listings
  UNION ALL
  SELECT 'core.race_documents', document_id FROM core.race_documents
  UNION ALL
  SELECT 'core.race_margins', document_id FROM core.race_margins
  UNION ALL
  SELECT 'core.race_readings', document_id FROM core.race_readings
  UNION ALL
  SELECT 'core.race_selections', document_id FROM core.race_selections
  UNION ALL
  SELECT 'core.race_states', document_id FROM core.race_states
  UNION ALL
  SELECT 'core.races', document_id FROM core.races
  UNION ALL
  SELECT 'core.result_statements', document_id FROM core.result_statements
  UNION ALL
  SELECT 'core.results', document_id FROM core.results
  UNION ALL
  SELECT 'core.scheduled_races', document_id FROM core.scheduled_races
  UNION ALL
  SELECT 'core.seasons', document_id FROM core.seasons
  UNION ALL
  SELECT 'core.series', document_id FROM core.series
  UNION ALL
  SELECT 'core.source_races', document_id FROM core.source_races
  UNION ALL
  SELECT 'core.stage_results', document_id FROM core.stage_results
  UNION ALL
  SELECT 'core.team_names', document_id FROM core.team_names
  UNION ALL
  SELECT 'core.teams', document_id FROM core.teams
  UNION ALL
  SELECT 'core.track_layouts', document_id FROM core.track_layouts
  UNION ALL
  SELECT 'core.tracks', document_id FROM core.tracks
  UNION ALL
  SELECT 'core.unlisted_entries', document_id FROM core.unlisted_entries
)
SELECT relation || ' ' || coalesce(document_id, '') AS row_key, count(*) AS rows, document_id
FROM cited
ANTI JOIN raw.documents USING (document_id)
GROUP BY relation, document_id
