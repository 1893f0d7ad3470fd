"""The data dictionary of the published warehouse, from the comments of its relations.

A build ends the comment of a relation with its grain: `…; grain: race_id, basis`. See `warehouse.grain`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.rows import Rows, fetch_rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.storage.home import Home

_RELATIONS = """
SELECT
  relation,
  kind,
  nullif(split_part(comment, '; grain: ', 2), '') AS grain,
  split_part(comment, '; grain: ', 1) AS description
FROM (
  SELECT schema_name || '.' || table_name AS relation, 'table' AS kind, comment FROM duckdb_tables() WHERE NOT internal
  UNION ALL
  SELECT schema_name || '.' || view_name, 'view', comment FROM duckdb_views() WHERE NOT internal
  UNION ALL
  SELECT schema_name || '.' || function_name || '(' || array_to_string(parameters, ', ') || ')', 'macro', comment
  FROM duckdb_functions() WHERE NOT internal AND function_type = 'table_macro'
)
WHERE split_part(relation, '.', 1) IN ('core', 'marts', 'ops')
ORDER BY relation
"""
_COLUMNS = """
SELECT
  column_name AS column,
  data_type AS type,
  list_contains(string_split(replace(coalesce($grain, ''), ' (may be NULL)', ''), ', '), column_name) AS is_in_grain,
  comment AS description
FROM duckdb_columns()
WHERE NOT internal AND schema_name || '.' || table_name = $relation
ORDER BY column_index
"""


def describe_relations(home: Home) -> Rows:
    """Every public relation with its kind, its grain and what it is."""
    with reading_published(home) as con:
        return fetch_rows(con.execute(_RELATIONS))


def describe_columns(home: Home, name: str) -> Rows:
    """The columns of a relation, with or without its schema; an unknown name raises `UsageError` with near ones."""
    known = {row[0].split("(")[0]: row for row in describe_relations(home).values}
    found = [relation for relation in known if name.lower() in (relation, relation.split(".")[1])]
    if len(found) != 1:
        import difflib

        near = difflib.get_close_matches(
            name, [*known, *(relation.split(".")[1] for relation in known)], n=3, cutoff=0.5
        )
        raise UsageError(
            f"there is no relation {name!r}",
            f"did you mean {', '.join(near)}?" if near else "`nascar describe` lists them",
        )
    with reading_published(home) as con:
        rows = fetch_rows(con.execute(_COLUMNS, {"relation": found[0], "grain": known[found[0]][2]}))
    return rows if rows.values else Rows(["relation", "kind", "grain", "description"], [known[found[0]]])
