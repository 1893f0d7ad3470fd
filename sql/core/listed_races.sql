-- Grain: source_id, race_key
CREATE OR REPLACE TABLE core.listed_races AS
WITH matched AS (
  SELECT
    listings.*,
    matches.race_number AS number_matched,
    coalesce(listings.exhibition_number, matches.exhibition_number) AS exhibition_matched,
    matches.matched_by,
    -- A source has each race once: of two that fit one race, only one that has its number is it.
    coalesce(
      matches.race_number = listings.race_number
      OR count(matches.race_number) OVER (
        PARTITION BY listings.source_id, listings.series_id, listings.season, matches.race_number
      ) = 1,
      FALSE
    ) AS is_matched
  FROM core.race_listings AS listings
  LEFT JOIN core.race_number_matches AS matches
    ON listings.source_id = matches.source_id AND listings.race_key = matches.race_key
)
SELECT
  source_id,
  race_key,
  CASE
    WHEN is_matched THEN series_id || '-' || season || '-' || lpad(number_matched::VARCHAR, 2, '0')
    WHEN race_number IS NULL THEN series_id || '-' || season || '-x' || lpad(exhibition_matched::VARCHAR, 2, '0')
  END AS race_id,
  series_id,
  season,
  coalesce(number_matched, race_number) AS race_number,
  race_date,
  race_name,
  track_id,
  track_name AS track_name_at_the_time,
  winner_id,
  is_keyed_by_our_ids,
  CASE
    WHEN is_matched OR race_number IS NULL AND matched_by IS NOT NULL THEN matched_by
    WHEN race_number IS NULL AND exhibition_number IS NOT NULL THEN if(is_keyed_by_our_ids, 'our id', 'number of an exhibition')
  END AS matched_by,
  document_id
FROM matched;
COMMENT ON TABLE core.listed_races IS 'What each source calls a race, whether or not it is a race of ours; races that were run';
COMMENT ON COLUMN core.listed_races.race_id IS 'Our id, as in core.races; NULL where no race of ours fits, see ops.unmatched';
COMMENT ON COLUMN core.listed_races.race_name IS 'What the source calls it; never a key';
COMMENT ON COLUMN core.listed_races.track_id IS 'The venue, as the source has it; see core.tracks';
COMMENT ON COLUMN core.listed_races.winner_id IS 'The winner, where the source''s list of races names one; see core.drivers';
COMMENT ON COLUMN core.listed_races.is_keyed_by_our_ids IS 'Whether the source uses our ids as its own';
COMMENT ON COLUMN core.listed_races.matched_by IS 'What says which race it is: number of an exhibition, or as in core.race_number_matches; NULL where no race of ours fits';
