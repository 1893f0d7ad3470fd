-- Grain: source_id, race_key
CREATE OR REPLACE TABLE core.race_number_matches AS
WITH known AS (
  -- Each number of a season, as the source has it whose numbers are preferred.
  SELECT
    series_id,
    season,
    race_number,
    arg_min(track_id, { 'precedence': number_precedence, 'race_key': race_key }) AS track_id,
    arg_min(race_date, { 'precedence': number_precedence, 'race_key': race_key }) AS race_date,
    arg_min(winner_id, { 'precedence': number_precedence, 'race_key': race_key }) AS winner_id
  FROM core.race_listings
  WHERE race_number IS NOT NULL
  GROUP BY series_id, season, race_number
),
compared AS (
  SELECT
    listings.source_id,
    listings.race_key,
    listings.series_id,
    listings.season,
    listings.race_number,
    listings.is_keyed_by_our_ids,
    listings.race_date,
    listings.track_id,
    listings.winner_id,
    same_number.winner_id AS number_winner_id,
    coalesce(listings.track_id = same_number.track_id, FALSE) AS has_venue,
    listings.track_id <> same_number.track_id AS has_other_venue,
    coalesce(listings.winner_id = same_number.winner_id, FALSE) AS has_winner,
    listings.winner_id <> same_number.winner_id AS has_other_winner,
    coalesce(listings.race_date = same_number.race_date, FALSE) AS has_day
  FROM core.race_listings AS listings
  INNER JOIN known AS same_number
    ON
      listings.series_id = same_number.series_id
      AND listings.season = same_number.season
      AND listings.race_number = same_number.race_number
),
renumbered AS (
  -- A race under another number: at the same track, and on the same days or won by the same driver.
  SELECT
    compared.source_id,
    compared.race_key,
    if(count(*) = 1, min(known.race_number), NULL) AS race_number
  FROM compared
  INNER JOIN known
    ON
      compared.series_id = known.series_id
      AND compared.season = known.season
      AND compared.track_id = known.track_id
      AND (abs(compared.race_date - known.race_date) <= 3 OR compared.winner_id = known.winner_id)
  WHERE compared.has_other_venue
  GROUP BY compared.source_id, compared.race_key
),
swapped AS (
  -- Two races at one track, such as the qualifying races of Daytona, each with the winner of the other.
  SELECT
    compared.source_id,
    compared.race_key,
    if(count(*) = 1, min(known.race_number), NULL) AS race_number
  FROM compared
  INNER JOIN known
    ON
      compared.series_id = known.series_id
      AND compared.season = known.season
      AND compared.track_id = known.track_id
      AND compared.winner_id = known.winner_id
  INNER JOIN core.race_listings AS other
    ON
      compared.source_id = other.source_id
      AND compared.series_id = other.series_id
      AND compared.season = other.season
      AND compared.track_id = other.track_id
      AND known.race_number = other.race_number
      AND compared.number_winner_id = other.winner_id
  WHERE compared.has_venue AND compared.has_other_winner
  GROUP BY compared.source_id, compared.race_key
)
SELECT
  compared.source_id,
  compared.race_key,
  CASE
    WHEN compared.is_keyed_by_our_ids THEN compared.race_number
    WHEN swapped.race_number IS NOT NULL THEN swapped.race_number
    WHEN compared.has_venue THEN compared.race_number
    WHEN renumbered.race_number IS NOT NULL THEN renumbered.race_number
    -- The venue is wrong, or has a name that is in no alias.
    WHEN compared.has_winner OR compared.has_day THEN compared.race_number
  END AS race_number,
  NULL::INTEGER AS exhibition_number,
  CASE
    WHEN compared.is_keyed_by_our_ids THEN 'our id'
    WHEN swapped.race_number IS NOT NULL THEN 'swapped winners'
    WHEN compared.has_venue THEN 'number and venue'
    WHEN renumbered.race_number IS NOT NULL THEN 'venue and day or winner'
    WHEN compared.has_winner THEN 'number and winner'
    WHEN compared.has_day THEN 'number and day'
  END AS matched_by
FROM compared
LEFT JOIN renumbered ON compared.source_id = renumbered.source_id AND compared.race_key = renumbered.race_key
LEFT JOIN swapped ON compared.source_id = swapped.source_id AND compared.race_key = swapped.race_key
UNION ALL
SELECT source_id, race_key, race_number, exhibition_number, matched_by
FROM core.unnumbered_race_matches;
COMMENT ON TABLE core.race_number_matches IS 'Which number of the season each race of a source has here, and by what it was found';
COMMENT ON COLUMN core.race_number_matches.race_number IS 'Its number among the points races of the season; NULL where none fits';
COMMENT ON COLUMN core.race_number_matches.exhibition_number IS 'Its number among the exhibitions, of a race that its source does not number';
COMMENT ON COLUMN core.race_number_matches.matched_by IS 'our id, number and venue (or winner or day), swapped winners, venue and day (or winner), winner and day, name and winner';
