-- Severity: fail
-- Totals that the record books print, where each points race up to then is here with its winner. Which careers could not be
-- compared, and how many races they lack, is in ops.career_comparisons.
SELECT
  series_id || ' ' || driver_name AS row_key,
  wins_published,
  wins,
  document_ids
FROM ops.career_comparisons
WHERE is_comparable AND wins <> wins_published
