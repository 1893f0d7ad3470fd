-- Grain: one row per fact of a race and reading that differs from the one that is believed
CREATE OR REPLACE TABLE ops.discrepancies AS
WITH margins AS (
  SELECT
    others.race_id,
    'margin_' || others.basis AS fact,
    coalesce(believed.margin_text, believed.margin_seconds::VARCHAR, believed.margin_kind) AS chosen_value,
    believed.reading AS chosen_reading,
    believed.document_id AS chosen_document_id,
    coalesce(others.margin_text, others.margin_seconds::VARCHAR, others.margin_kind) AS other_value,
    others.reading AS other_reading,
    others.document_id AS other_document_id
  FROM core.margins AS others
  INNER JOIN core.race_margins AS believed ON others.race_id = believed.race_id AND others.basis = believed.basis
  WHERE
    believed.margin_kind <> 'unknown'
    AND others.reading <> believed.reading
    AND (
      others.margin_kind <> believed.margin_kind
      OR others.margin_unit IS DISTINCT FROM believed.margin_unit
      OR others.margin_value IS DISTINCT FROM believed.margin_value
    )
),
feed AS (
  SELECT
    ids.race_id,
    weekend.document_id AS weekend_document_id,
    listed.document_id AS index_document_id,
    races.laps_completed::VARCHAR AS laps_believed,
    unnest([
      { 'fact': 'race_type_id', 'weekend': weekend.race_type_id::VARCHAR, 'listed': listed.race_type_id::VARCHAR },
      { 'fact': 'race_date', 'weekend': weekend.race_date::VARCHAR, 'listed': listed.race_date::VARCHAR },
      { 'fact': 'laps_completed', 'weekend': weekend.laps_completed::VARCHAR, 'listed': listed.laps_completed::VARCHAR },
      { 'fact': 'scheduled_distance_miles', 'weekend': weekend.scheduled_distance_miles::VARCHAR, 'listed': listed.scheduled_distance_miles::VARCHAR },
      { 'fact': 'distance_miles', 'weekend': weekend.distance_miles::VARCHAR, 'listed': listed.distance_miles::VARCHAR },
      { 'fact': 'average_speed_mph', 'weekend': weekend.average_speed_mph::VARCHAR, 'listed': listed.average_speed_mph::VARCHAR },
      { 'fact': 'race_time_seconds', 'weekend': weekend.race_time_seconds::VARCHAR, 'listed': listed.race_time_seconds::VARCHAR },
      { 'fact': 'cautions', 'weekend': weekend.cautions::VARCHAR, 'listed': listed.cautions::VARCHAR },
      { 'fact': 'caution_laps', 'weekend': weekend.caution_laps::VARCHAR, 'listed': listed.caution_laps::VARCHAR },
      { 'fact': 'lead_changes', 'weekend': weekend.lead_changes::VARCHAR, 'listed': listed.lead_changes::VARCHAR },
      { 'fact': 'leaders', 'weekend': weekend.leaders::VARCHAR, 'listed': listed.leaders::VARCHAR },
      { 'fact': 'playoff_round', 'weekend': weekend.playoff_round::VARCHAR, 'listed': listed.playoff_round::VARCHAR },
      { 'fact': 'stage_1_laps', 'weekend': weekend.stage_1_laps::VARCHAR, 'listed': listed.stage_1_laps::VARCHAR },
      { 'fact': 'stage_2_laps', 'weekend': weekend.stage_2_laps::VARCHAR, 'listed': listed.stage_2_laps::VARCHAR }
    ]) AS stated
  FROM core.source_races AS ids
  INNER JOIN core.races AS races ON ids.race_id = races.race_id
  INNER JOIN staging.nascar_feed_weekends AS weekend ON ids.race_key = weekend.race_id_nascar_feed::VARCHAR
  INNER JOIN staging.nascar_feed_races AS listed ON ids.race_key = listed.race_id_nascar_feed::VARCHAR
  WHERE ids.source_id = 'nascar_feed'
),
differing AS (
  SELECT
    *,
    -- As core.source_races and core.races choose.
    stated.fact IN ('race_date', 'race_type_id')
    OR (stated.fact = 'laps_completed' AND stated.listed = laps_believed) AS is_index_believed
  FROM feed
  WHERE stated.weekend <> stated.listed
),
facts AS (
  SELECT
    race_id,
    stated.fact,
    if(is_index_believed, stated.listed, stated.weekend) AS chosen_value,
    if(is_index_believed, 'season_index', 'weekend_feed') AS chosen_reading,
    if(is_index_believed, index_document_id, weekend_document_id) AS chosen_document_id,
    if(is_index_believed, stated.weekend, stated.listed) AS other_value,
    if(is_index_believed, 'weekend_feed', 'season_index') AS other_reading,
    if(is_index_believed, weekend_document_id, index_document_id) AS other_document_id
  FROM differing
),
corrected_dates AS (
  SELECT
    ids.race_id,
    'race_date' AS fact,
    ids.race_date::VARCHAR AS chosen_value,
    'sql/seeds/race_date_corrections.csv' AS chosen_reading,
    NULL AS chosen_document_id,
    listed.race_date::VARCHAR AS other_value,
    'season_index' AS other_reading,
    listed.document_id AS other_document_id
  FROM core.source_races AS ids
  INNER JOIN staging.nascar_feed_races AS listed ON ids.race_key = listed.race_id_nascar_feed::VARCHAR
  WHERE ids.source_id = 'nascar_feed' AND ids.race_date <> listed.race_date
),
repeated AS (
  SELECT
    ids.race_id,
    'result listed twice' AS fact,
    any_value(results.driver_name) AS chosen_value,
    'weekend_feed' AS chosen_reading,
    any_value(results.document_id) AS chosen_document_id,
    count(*) || ' rows with the result id ' || results.result_id_nascar_feed AS other_value,
    'weekend_feed' AS other_reading,
    any_value(results.document_id) AS other_document_id
  FROM staging.nascar_feed_results AS results
  INNER JOIN core.source_races AS ids
    ON ids.source_id = 'nascar_feed' AND results.race_id_nascar_feed::VARCHAR = ids.race_key
  GROUP BY ids.race_id, results.result_id_nascar_feed
  HAVING count(*) > 1
),
explained AS (
  SELECT race_id, string_agg(what || coalesce(': ' || note, ''), '; ' ORDER BY what) AS reason
  FROM staging.almanac_changed_outcomes
  GROUP BY race_id
)
SELECT
  found.*,
  explained.reason
FROM (
  FROM margins
  UNION ALL BY NAME
  FROM facts
  UNION ALL BY NAME
  FROM corrected_dates
  UNION ALL BY NAME
  FROM repeated
) AS found
LEFT JOIN explained ON found.race_id = explained.race_id AND starts_with(found.fact, 'margin_');
COMMENT ON TABLE ops.discrepancies IS 'Where readings of the same fact differ, and which one is believed';
COMMENT ON COLUMN ops.discrepancies.race_id IS 'The race; see core.races';
COMMENT ON COLUMN ops.discrepancies.fact IS 'What they differ about: margin_line, margin_official, or a column of core.races';
COMMENT ON COLUMN ops.discrepancies.chosen_value IS 'The value that is believed';
COMMENT ON COLUMN ops.discrepancies.chosen_reading IS 'Where it was read: weekend_feed, season_index, gap, almanac, or a file of corrections';
COMMENT ON COLUMN ops.discrepancies.chosen_document_id IS 'Its document; see ops.documents; NULL for a file of corrections';
COMMENT ON COLUMN ops.discrepancies.other_value IS 'The value of the other reading';
COMMENT ON COLUMN ops.discrepancies.other_reading IS 'Where that was read';
COMMENT ON COLUMN ops.discrepancies.other_document_id IS 'Its document; see ops.documents';
COMMENT ON COLUMN ops.discrepancies.reason IS 'Why they differ, where the almanac says so';
