-- Grain: none (scalar macro)
-- The linter does not know macros.
-- noqa: disable=all
CREATE OR REPLACE MACRO core.preference(precedence, is_plausible) AS
  precedence + CASE WHEN is_plausible THEN 0 ELSE 1000 END;
COMMENT ON MACRO core.preference IS 'The order in which source values are preferred, the lowest first: what is plausible, then its precedence; % 1000 gives the precedence';
