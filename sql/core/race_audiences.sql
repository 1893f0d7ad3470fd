-- Grain: race_id
-- Incremental: race_id
CREATE OR REPLACE TABLE core.race_audiences AS
WITH stated AS (
  SELECT
    ids.race_id,
    audiences.attendance,
    audiences.television_broadcaster,
    audiences.radio_broadcaster,
    audiences.source_id,
    audiences.document_id,
    row_number() OVER (PARTITION BY ids.race_id ORDER BY audiences.source_id, audiences.race_key) AS precedence
  FROM staging.source_race_audiences AS audiences
  INNER JOIN core.source_races AS ids ON audiences.source_id = ids.source_id AND audiences.race_key = ids.race_key
  INNER JOIN core.races AS races ON ids.race_id = races.race_id
)
SELECT race_id, attendance, television_broadcaster, radio_broadcaster, source_id, document_id
FROM stated
WHERE precedence = 1;
COMMENT ON TABLE core.race_audiences IS 'How many saw a race at the track, and who broadcast it';
COMMENT ON COLUMN core.race_audiences.attendance IS 'Spectators at the track, NULL where no source says';
COMMENT ON COLUMN core.race_audiences.television_broadcaster IS 'Who showed it on television, as the source writes it';
COMMENT ON COLUMN core.race_audiences.radio_broadcaster IS 'Who had it on the radio, as the source writes it';
