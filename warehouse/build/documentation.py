"""Comments on columns: `sql/column_comments.csv` has what means the same everywhere, a file in `sql/` what differs."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.build.scripts import PUBLIC
from nascar_warehouse.warehouse.errors import InvalidSql

if TYPE_CHECKING:
    import duckdb

# Columns of raw have the names that their source gave them, in the meaning that it gave them.
_SHARING = ("staging", *PUBLIC)


def shared_comments() -> dict[str, str]:
    """The comment of each column in `sql/column_comments.csv`, by the column's name."""
    text = files("nascar_warehouse.sql").joinpath("column_comments.csv").read_text(encoding="utf-8")
    return {row["column_name"]: row["comment"] for row in csv.DictReader(text.splitlines())}


def document_relations(con: duckdb.DuckDBPyConnection) -> None:
    """Give each column without a comment the shared one; raise `InvalidSql` if something public is without any."""
    shared = shared_comments()
    missing = con.execute(_WITHOUT_COMMENT, {"schemas": list(_SHARING), "names": list(shared)}).fetchall()
    quoted = {column: comment.replace("'", "''") for column, comment in shared.items()}
    comments = [f"COMMENT ON COLUMN {relation}.{column} IS '{quoted[column]}'" for relation, column in missing]
    con.execute("\n;\n".join(["BEGIN", *comments, "COMMIT"]))
    undocumented = con.execute(_UNDOCUMENTED, {"schemas": list(PUBLIC)}).fetchall()
    if undocumented:
        names = ", ".join(name for (name,) in undocumented[:10])
        raise InvalidSql(
            f"without a comment: {names}",
            "add COMMENT ON to the relation's file, with the unit if there is one",
        )


_WITHOUT_COMMENT = """
SELECT schema_name || '.' || table_name, column_name
FROM duckdb_columns()
WHERE
  list_contains($schemas, schema_name)
  AND list_contains($names, column_name)
  AND coalesce(comment, '') = ''
"""

_UNDOCUMENTED = """
SELECT schema_name || '.' || table_name || '.' || column_name
FROM duckdb_columns()
WHERE list_contains($schemas, schema_name) AND coalesce(comment, '') = ''
UNION ALL
SELECT schema_name || '.' || table_name
FROM duckdb_tables()
WHERE list_contains($schemas, schema_name) AND coalesce(comment, '') = ''
UNION ALL
SELECT schema_name || '.' || view_name
FROM duckdb_views()
WHERE list_contains($schemas, schema_name) AND coalesce(comment, '') = ''
"""
