-- Grain: none (scalar macro)
-- The linter does not know macros.
-- noqa: disable=all
CREATE OR REPLACE MACRO staging.slug(name) AS
  nullif(trim(regexp_replace(replace(replace(lower(strip_accents(name)), '.', ''), '''', ''), '[^a-z0-9]+', '-', 'g'), '-'), '');
COMMENT ON MACRO staging.slug IS 'A name as a readable id: lower case, without accents and points, words joined by hyphens; NULL for a blank';
