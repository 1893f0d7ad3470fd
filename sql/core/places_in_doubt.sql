-- Grain: race_id, entry_key
-- Incremental: race_id
CREATE OR REPLACE TABLE core.places_in_doubt AS
WITH entries AS (
  SELECT
    race_id,
    entry_key,
    driver_id,
    driver_name,
    finish_position,
    line_position,
    laps_completed,
    is_disqualified,
    document_id
  FROM core.selected_results
  WHERE finish_position IS NOT NULL
),
fields AS (
  SELECT
    race_id,
    max(laps_completed) FILTER (WHERE finish_position = 1) AS laps_of_winner,
    max(finish_position) AS last_position
  FROM entries
  GROUP BY race_id
),
lapped AS (
  SELECT entries.race_id, min(entries.finish_position) AS first_position
  FROM entries
  INNER JOIN fields ON entries.race_id = fields.race_id
  WHERE entries.laps_completed < fields.laps_of_winner
  GROUP BY entries.race_id
)
SELECT
  entries.race_id,
  entries.entry_key,
  entries.driver_id,
  entries.driver_name,
  entries.finish_position,
  entries.document_id
FROM entries
INNER JOIN fields ON entries.race_id = fields.race_id
LEFT JOIN lapped ON entries.race_id = lapped.race_id
LEFT JOIN core.line_positions AS placed ON entries.race_id = placed.race_id AND entries.entry_key = placed.entry_key
WHERE
  entries.finish_position > 1
  AND entries.laps_completed >= fields.laps_of_winner
  AND (
    -- It is placed behind a car that ran fewer laps.
    entries.laps_completed > fields.laps_of_winner
    OR entries.finish_position > lapped.first_position
    -- Where a whole field is on the lead lap its last car is, too; then a source has to say that it was not disqualified.
    OR (entries.finish_position = fields.last_position AND entries.is_disqualified IS NOT FALSE)
  )
  -- A measured gap or a source says where it crossed the line.
  AND entries.line_position IS NULL
  AND placed.line_gap_milliseconds IS NULL;
COMMENT ON TABLE core.places_in_doubt IS 'Cars that ran all laps of the winner and are scored last, or behind cars that ran fewer: they may have crossed the line first or second';
COMMENT ON COLUMN core.places_in_doubt.driver_name IS 'The name as its source has it';
