-- Grain: none (scalar macro)
-- The linter does not know macros.
-- noqa: disable=all
CREATE OR REPLACE MACRO core.finest_decimals(series_id) AS if(series_id = 'cup', 3, 4);
COMMENT ON MACRO core.finest_decimals IS 'How many decimals a margin of a series may have; the only known margin with four is from the second series';
