-- Grain: source_id, race_key
-- Incremental: source_id, race_key
CREATE OR REPLACE TABLE core.race_listings AS
WITH ranks AS (
  SELECT
    reading,
    max(precedence) FILTER (WHERE fact = 'race_number') AS race_number,
    max(precedence) FILTER (WHERE fact = 'race_date') AS race_date,
    max(precedence) FILTER (WHERE fact = 'race_name') AS race_name,
    max(precedence) FILTER (WHERE fact = 'track_id') AS track_id
  FROM core.fact_precedence
  GROUP BY reading
),
listings AS (
  -- A source may state a race in several places; what it calls the race is selected like any fact.
  SELECT
    stated.source_id,
    stated.race_key,
    min(stated.series_id) AS series_id,
    min(stated.season) AS season,
    min(stated.race_number) AS race_number,
    min(stated.exhibition_number) AS exhibition_number,
    coalesce(bool_or(stated.is_keyed_by_our_ids), FALSE) AS is_keyed_by_our_ids,
    min(ranks.race_number) AS number_precedence,
    arg_min(stated.race_date, ranks.race_date) AS race_date,
    arg_min(stated.race_name, ranks.race_name) AS race_name,
    arg_min(stated.track_key, ranks.track_id) AS track_key,
    arg_min(stated.track_name, ranks.track_id) AS track_name,
    coalesce(min(stated.winner_name), min(stated.winner_name_in_results)) AS winner_name,
    arg_min(stated.document_id, ranks.race_name) AS document_id
  FROM staging.source_races AS stated
  INNER JOIN ranks ON stated.reading = ranks.reading
  GROUP BY stated.source_id, stated.race_key
)
SELECT
  listings.source_id,
  listings.race_key,
  listings.series_id,
  listings.season,
  listings.race_number,
  listings.exhibition_number,
  listings.is_keyed_by_our_ids,
  listings.number_precedence,
  listings.race_date,
  listings.race_name,
  -- One name of a source may stand for two venues.
  coalesce(corrections.track_id, tracks.track_id, named.track_id, staging.slug(listings.track_name)) AS track_id,
  listings.track_name,
  names.driver_id AS winner_id,
  listings.document_id
FROM listings
LEFT JOIN seeds.track_aliases AS tracks ON listings.source_id = tracks.source_id AND listings.track_key = tracks.track_key
-- A source without an alias may write the name that is shown here.
LEFT JOIN seeds.tracks AS named ON listings.track_name = named.track_name
LEFT JOIN seeds.race_track_corrections AS corrections
  ON listings.source_id = corrections.source_id AND listings.race_key = corrections.race_key
LEFT JOIN core.driver_names AS names
  ON
    listings.source_id = names.source_id
    AND listings.winner_name = names.driver_name
    AND listings.season BETWEEN names.first_season AND names.last_season;
COMMENT ON TABLE core.race_listings IS 'The races that each source has, with the ids of venue and winner, before it is known which race of ours each is';
COMMENT ON COLUMN core.race_listings.race_number IS 'Its number among the points races of the season, as the source has it';
COMMENT ON COLUMN core.race_listings.exhibition_number IS 'Its number among the exhibitions of the season, as the source has it';
COMMENT ON COLUMN core.race_listings.is_keyed_by_our_ids IS 'Whether race_key is our race_id';
COMMENT ON COLUMN core.race_listings.number_precedence IS 'The lowest is preferred where two sources number races differently';
COMMENT ON COLUMN core.race_listings.race_name IS 'What the source calls it; never a key';
COMMENT ON COLUMN core.race_listings.track_id IS 'The venue, as the source has it; see core.tracks';
COMMENT ON COLUMN core.race_listings.track_name IS 'What the source calls the venue';
COMMENT ON COLUMN core.race_listings.winner_id IS 'The winner, where the source names one; see core.drivers';
