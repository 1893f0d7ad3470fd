-- Grain: driver_name, season
CREATE OR REPLACE VIEW staging.racing_data__drivers AS
SELECT driver_name, season, nationality, NULL AS driver_id_racing_reference, count(*) AS mentions, min(document_id) AS document_id
FROM staging.racing_data_results
WHERE nationality IS NOT NULL
GROUP BY driver_name, season, nationality
UNION ALL
SELECT winner, season, NULL, winner_id_racing_reference, count(*), min(document_id)
FROM staging.racing_data_races
WHERE winner_id_racing_reference IS NOT NULL
GROUP BY winner, season, winner_id_racing_reference;
COMMENT ON VIEW staging.racing_data__drivers IS 'Nationalities by Racing-Reference, and its ids of winners, in the form of staging.source_drivers';
