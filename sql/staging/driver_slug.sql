-- Grain: none (scalar macro)
-- The linter does not know macros.
-- noqa: disable=all
CREATE OR REPLACE MACRO staging.driver_slug(name) AS
  staging.slug(regexp_replace(name, '\s*\((i|R|r|P)\)\W*$', ''));
COMMENT ON MACRO staging.driver_slug IS 'The id of a driver''s name, without the marks behind it: (i) not in the points of this series, (R) or # a rookie, (P) in the playoffs, * a car without a charter';
