-- Grain: manufacturer_id, series_id
CREATE OR REPLACE VIEW marts.manufacturer_records AS
SELECT
  results.manufacturer_id,
  races.series_id,
  makers.manufacturer_name,
  min(races.season) AS first_season,
  max(races.season) AS last_season,
  count(DISTINCT races.season) AS seasons,
  count(DISTINCT races.race_id) AS races,
  count(*) AS starts,
  count(*) FILTER (WHERE results.finish_position = 1 AND races.counts_as_official_win) AS wins,
  count(*) FILTER (WHERE results.finish_position <= 5) AS top_fives,
  count(*) FILTER (WHERE results.finish_position <= 10) AS top_tens,
  count(*) FILTER (WHERE results.start_position = 1) AS starts_from_first,
  min(CASE WHEN results.finish_position = 1 AND races.counts_as_official_win THEN races.season END) AS first_win_season,
  max(CASE WHEN results.finish_position = 1 AND races.counts_as_official_win THEN races.season END) AS last_win_season
FROM core.results AS results
INNER JOIN core.races AS races ON results.race_id = races.race_id
INNER JOIN core.manufacturers AS makers ON results.manufacturer_id = makers.manufacturer_id
WHERE results.is_starter AND races.race_number IS NOT NULL
GROUP BY results.manufacturer_id, races.series_id, makers.manufacturer_name;
COMMENT ON VIEW marts.manufacturer_records IS 'The record of each make of cars in each series, points races only; cars of unknown make are left out';
COMMENT ON COLUMN marts.manufacturer_records.first_season IS 'The first season with a start';
COMMENT ON COLUMN marts.manufacturer_records.last_season IS 'The last season with a start';
COMMENT ON COLUMN marts.manufacturer_records.races IS 'Races that a car of the make started';
COMMENT ON COLUMN marts.manufacturer_records.starts IS 'Cars of the make that started a race, counted once for each race';
