-- Grain: race_key
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__race_audiences AS
SELECT
  races.race_id_nascar_feed::VARCHAR AS race_key,
  coalesce(weekend.attendance, races.attendance)::INTEGER AS attendance,
  coalesce(weekend.television_broadcaster, races.television_broadcaster) AS television_broadcaster,
  coalesce(weekend.radio_broadcaster, races.radio_broadcaster) AS radio_broadcaster,
  -- The index says it of every race; the weekend feed, where there is one, later.
  coalesce(weekend.document_id, races.document_id) AS document_id
FROM staging.nascar_feed_races AS races
LEFT JOIN staging.nascar_feed_weekends AS weekend
  ON
    races.race_id_nascar_feed = weekend.race_id_nascar_feed
    AND coalesce(weekend.attendance::VARCHAR, weekend.television_broadcaster, weekend.radio_broadcaster) IS NOT NULL
WHERE
  coalesce(
    weekend.attendance::VARCHAR,
    weekend.television_broadcaster,
    weekend.radio_broadcaster,
    races.attendance::VARCHAR,
    races.television_broadcaster,
    races.radio_broadcaster
  ) IS NOT NULL;
COMMENT ON VIEW staging.nascar_feed__race_audiences IS 'Attendance and broadcasters of the feed in the form of staging.source_race_audiences';
