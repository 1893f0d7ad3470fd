-- Grain: race_id
-- Incremental: race_id
CREATE OR REPLACE TABLE core.race_layouts AS
WITH candidates AS (
  -- The layout of that day; of several, that of the source's own kind, then the one whose length is nearest.
  SELECT
    races.race_id,
    aliases.layout AS track_layout,
    known.layout_id,
    known.surface,
    known.length_miles::DECIMAL(7, 3) AS length_miles
  FROM core.race_selections AS races
  LEFT JOIN seeds.track_aliases AS aliases ON races.track_source_id = aliases.source_id AND races.track_key = aliases.track_key
  LEFT JOIN seeds.track_layouts AS known
    ON
      races.track_id = known.track_id
      -- Of a race whose day no source states, those of its season.
      AND coalesce(races.race_date, make_date(split_part(races.race_id, '-', 2)::INTEGER, 12, 31))
      >= coalesce(known.first_date, '1900-01-01')::DATE
      AND coalesce(races.race_date, make_date(split_part(races.race_id, '-', 2)::INTEGER, 1, 1))
      <= coalesce(known.last_date, '9999-12-31')::DATE
  QUALIFY rank() OVER (
    PARTITION BY races.race_id
    ORDER BY
      known.layout = aliases.layout DESC NULLS LAST,
      abs(known.length_miles::DOUBLE - races.lap_length_miles) ASC NULLS LAST,
      if(races.race_date IS NULL, NULL, known.layout_id) ASC
  ) = 1
)
-- Without the day it is not known whether a race was before or after a venue was rebuilt.
SELECT
  race_id,
  min(track_layout) AS track_layout,
  if(count(*) = 1, min(layout_id), NULL) AS layout_id,
  if(count(DISTINCT surface) = 1, min(surface), NULL) AS track_surface,
  if(count(DISTINCT length_miles) = 1, min(length_miles), NULL) AS length_miles
FROM candidates
GROUP BY race_id;
COMMENT ON TABLE core.race_layouts IS 'How the venue of each race was laid out on its day, as far as that is known';
COMMENT ON COLUMN core.race_layouts.track_layout IS 'Which of the venue''s layouts its source means: oval, road course, street course, dirt, beach';
COMMENT ON COLUMN core.race_layouts.layout_id IS 'The layout in detail; see core.track_layouts';
COMMENT ON COLUMN core.race_layouts.length_miles IS 'Length of a lap of that layout in miles';
