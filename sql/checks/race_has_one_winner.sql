-- Severity: fail
-- Incremental: race_id
-- Each race with results has one winner, with a driver.
SELECT
  race_id AS row_key,
  count(*) FILTER (WHERE finish_position = 1) AS winners,
  count(driver_id) FILTER (WHERE finish_position = 1) AS winners_with_a_name,
  list(DISTINCT document_id) AS document_ids
FROM core.results
GROUP BY race_id
HAVING count(*) FILTER (WHERE finish_position = 1) <> 1 OR count(driver_id) FILTER (WHERE finish_position = 1) <> 1
