-- Grain: source_id, race_key
CREATE OR REPLACE TABLE core.unnumbered_race_matches AS
WITH candidates AS (
  -- A race of a list without numbers: of the same day, or the day after rain, and won by the same driver; where the list names
  -- no winner, of the same day at the same track; where it has no day, of the same name and won by the same driver.
  SELECT
    listings.source_id,
    listings.race_key,
    numbered.race_number,
    numbered.exhibition_number,
    coalesce(abs(listings.race_date - numbered.race_date), 0) AS days_apart,
    CASE
      WHEN listings.race_date IS NULL THEN 'name and winner'
      WHEN listings.winner_id IS NULL THEN 'venue and day'
      ELSE 'winner and day'
    END AS matched_by
  FROM core.race_listings AS listings
  INNER JOIN core.race_listings AS numbered
    ON
      listings.series_id = numbered.series_id
      AND listings.season = numbered.season
      AND CASE
        WHEN listings.race_date IS NULL
          THEN listings.winner_id = numbered.winner_id AND staging.slug(listings.race_name) = staging.slug(numbered.race_name)
        WHEN listings.winner_id IS NULL
          THEN listings.race_date = numbered.race_date AND listings.track_id = numbered.track_id
        ELSE abs(listings.race_date - numbered.race_date) <= 1 AND listings.winner_id = numbered.winner_id
      END
  WHERE
    listings.race_number IS NULL AND listings.exhibition_number IS NULL
    AND (numbered.race_number IS NOT NULL OR numbered.exhibition_number IS NOT NULL)
  -- A driver may win on two days in a row.
  QUALIFY days_apart = min(days_apart) OVER (PARTITION BY listings.source_id, listings.race_key)
)
SELECT
  source_id,
  race_key,
  min(race_number) AS race_number,
  min(exhibition_number) AS exhibition_number,
  min(matched_by) AS matched_by
FROM candidates
GROUP BY source_id, race_key
HAVING min(coalesce(race_number, -exhibition_number)) = max(coalesce(race_number, -exhibition_number));
COMMENT ON TABLE core.unnumbered_race_matches IS 'Which race of the season each race of a list without numbers is; one that fits none, or two, is left out';
COMMENT ON COLUMN core.unnumbered_race_matches.race_number IS 'Its number among the points races of the season; NULL for an exhibition';
COMMENT ON COLUMN core.unnumbered_race_matches.exhibition_number IS 'Its number among the exhibitions of the season; NULL for a points race';
COMMENT ON COLUMN core.unnumbered_race_matches.matched_by IS 'winner and day, venue and day where the list names no winner, or name and winner where it has no day';
