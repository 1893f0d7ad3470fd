"""The data dictionary of the published warehouse, from the comments of its relations.

A build ends the comment of a relation with its grain: `…; grain: race_id, basis`. See `warehouse.grain`.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.references import find_target
from nascar_warehouse.warehouse.rows import Rows, fetch_rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

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
    """The columns of a relation, with or without its schema; an unknown name raises `UsageError` with near ones.

    `refers_to` is the relation that a column's values are ids of. A macro is described by one row.
    """
    [relation, kind, grain, description] = _find(home, name)
    with reading_published(home) as con:
        rows = fetch_rows(con.execute(_COLUMNS, {"relation": relation, "grain": grain}))
    if not rows.values:
        return Rows(["relation", "kind", "grain", "description"], [(relation, kind, grain, description)])
    types = None if rows.types is None else [*rows.types[:3], "VARCHAR", *rows.types[3:]]
    columns = [*rows.columns[:3], "refers_to", *rows.columns[3:]]
    return Rows(columns, [(*row[:3], find_target(relation, row[0]), *row[3:]) for row in rows.values], types)


def describe_use(home: Home, name: str) -> list[str]:
    """What a relation is, what one row of it stands for, the parameters of a macro, and a statement to begin with."""
    [relation, kind, grain, description] = _find(home, name)
    lines = [f"{relation}, a {kind}: {description or 'not described'}"]
    if grain:
        lines.append(f"one row for each {grain}")
    plain = relation.partition("(")[0]
    signature = _read_signature(plain) if kind == "macro" else ""
    if signature:
        lines.append(f"parameters: {signature}; one without a default must be given")
    return [*lines, f'example: nascar query "{_read_example(plain, signature)}"']


def _find(home: Home, name: str) -> Sequence[Any]:
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
    return known[found[0]]


def _read_file(relation: str) -> str:
    """The file of `sql/` that makes a relation; "" for one of another version of this program."""
    file = files("nascar_warehouse.sql").joinpath(f"{relation.replace('.', '/')}.sql")
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _read_signature(macro: str) -> str:
    """The parameters of a macro as its file has them; the published file lacks the defaults."""
    found = re.search(rf"MACRO {re.escape(macro)}\((.*?)\) AS TABLE", _read_file(macro), re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def _read_example(relation: str, signature: str) -> str:
    if found := re.search(r"^-- Example: (.+)$", _read_file(relation), re.MULTILINE):
        return found[1]
    return f"FROM {relation}() LIMIT 5" if signature else f"FROM {relation} LIMIT 5"
