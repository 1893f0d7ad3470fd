-- Grain: layout_id
CREATE OR REPLACE TABLE core.track_layouts AS
SELECT
  layouts.layout_id,
  layouts.track_id,
  layouts.layout AS track_layout,
  layouts.length_miles::DECIMAL(7, 3) AS length_miles,
  layouts.surface,
  layouts.kind,
  layouts.first_date::DATE AS first_date,
  layouts.last_date::DATE AS last_date,
  layouts.reason AS note,
  layouts.source_url,
  tracks.document_id
FROM seeds.track_layouts AS layouts
INNER JOIN core.tracks AS tracks ON layouts.track_id = tracks.track_id;
COMMENT ON TABLE core.track_layouts IS 'How each venue was laid out and when, for the venues that a source has';
COMMENT ON COLUMN core.track_layouts.layout_id IS 'Our id';
COMMENT ON COLUMN core.track_layouts.length_miles IS 'Length of a lap in miles, as officially stated at the time';
COMMENT ON COLUMN core.track_layouts.surface IS 'paved, dirt or sand';
COMMENT ON COLUMN core.track_layouts.kind IS 'oval, road course, street course, beach and road';
COMMENT ON COLUMN core.track_layouts.first_date IS 'The first day on which it was raced on';
COMMENT ON COLUMN core.track_layouts.last_date IS 'The last day, NULL when it is in use';
COMMENT ON COLUMN core.track_layouts.note IS 'What is to be known of it';
