-- Grain: race_key, flag_number
-- Races by: race_id
CREATE OR REPLACE VIEW staging.nascar_feed__flags AS
WITH flags_of_another_run AS (
  -- Flags do not say of which race they are: those of practice, or of a race that goes on, end long before its last lap.
  SELECT flags.race_id_nascar_feed
  FROM staging.nascar_feed_flags AS flags
  INNER JOIN staging.nascar_feed_weekends AS weekend ON flags.race_id_nascar_feed = weekend.race_id_nascar_feed
  GROUP BY flags.race_id_nascar_feed
  HAVING max(flags.lap_number) < 0.5 * max(weekend.laps_completed)
)
SELECT
  flags.race_id_nascar_feed::VARCHAR AS race_key,
  flags.flag_number::INTEGER AS flag_number,
  flags.lap_number::INTEGER AS lap_number,
  flags.flag,
  flags.elapsed_seconds,
  flags.comment,
  flags.beneficiary_car_number,
  flags.shown_at,
  flags.document_id
FROM staging.nascar_feed_flags AS flags
ANTI JOIN flags_of_another_run ON flags.race_id_nascar_feed = flags_of_another_run.race_id_nascar_feed;
COMMENT ON VIEW staging.nascar_feed__flags IS 'The flags of the feed in the form of staging.source_flags, without those of another run';
