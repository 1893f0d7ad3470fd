-- Severity: fail
-- One row at most decides which driver a spelling means in a source and season.
SELECT
  aliases.driver_name || ' ' || aliases.driver_id || ' ' || others.driver_id AS row_key,
  aliases.source_id,
  others.source_id AS other_source_id
FROM seeds.driver_aliases AS aliases
INNER JOIN seeds.driver_aliases AS others
  ON
    aliases.driver_name = others.driver_name
    AND aliases.rowid < others.rowid
    AND coalesce(aliases.source_id, others.source_id, '') = coalesce(others.source_id, aliases.source_id, '')
    AND coalesce(aliases.first_season::INTEGER, 0) <= coalesce(others.last_season::INTEGER, 9999)
    AND coalesce(others.first_season::INTEGER, 0) <= coalesce(aliases.last_season::INTEGER, 9999)
