"""One SQLite file with a table for each relation, and the metadata that Datasette shows with it.

SQLite has neither decimals nor dates: a decimal is a REAL, which has more digits than any figure here, a date and a
time are text in ISO form, and true and false are 1 and 0.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.storage.disk import as_machine_failure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from nascar_warehouse.warehouse.export.relations import Column, Relation

DATABASE = "nascar.sqlite"
METADATA = "metadata.json"

_ROWS_AT_ONCE = 10_000
_WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "BOOLEAN")
_NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT", "HUGEINT")


def write_sqlite(con: duckdb.DuckDBPyConnection, relations: Sequence[Relation], folder: Path) -> dict[str, int]:
    """Write `nascar.sqlite` into the folder and return the number of rows of each relation."""
    file = folder / DATABASE
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as out:
            # The file is new and counts only when it is whole: no journal is needed.
            out.execute("PRAGMA journal_mode = OFF")
            out.execute("PRAGMA synchronous = OFF")
            out.execute("BEGIN")
            rows = {relation.name: _copy(con, out, relation) for relation in relations}
            out.execute("COMMIT")
    except sqlite3.Error as error:
        raise as_machine_failure(error, file) from error
    return rows


def write_metadata(relations: Sequence[Relation], credits_: Sequence[dict[str, Any]], folder: Path) -> None:
    """Write `metadata.json` for `datasette nascar.sqlite --metadata metadata.json`."""
    tables = {
        relation.short_name: {
            "description": relation.description,
            "columns": {column.name: column.description for column in relation.columns},
        }
        for relation in relations
    }
    metadata = {
        "title": "NASCAR warehouse",
        "description": "NASCAR race results and margins of victory, each figure with its source",
        "source": "; ".join(f"{credit['publisher']} ({credit['licence']})" for credit in credits_),
        "databases": {"nascar": {"tables": tables}},
    }
    (folder / METADATA).write_text(json.dumps(metadata, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _copy(con: duckdb.DuckDBPyConnection, out: sqlite3.Connection, relation: Relation) -> int:
    columns = ", ".join(f'"{column.name}" {_sqlite_type(column)}' for column in relation.columns)
    table = f'"{relation.short_name}"'
    out.execute(f"CREATE TABLE {table} ({columns})")
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(relation.columns))})"  # noqa: S608  # names of ours
    values = ", ".join(map(_as_sqlite_value, relation.columns))
    found = con.execute(f"SELECT {values} FROM {relation.name}")  # noqa: S608  # names of ours
    count = 0
    while rows := found.fetchmany(_ROWS_AT_ONCE):
        out.executemany(insert, rows)
        count += len(rows)
    if relation.grain:
        unique = "" if relation.is_grain_nullable else "UNIQUE "
        grain = ", ".join(f'"{column}"' for column in relation.grain)
        out.execute(f'CREATE {unique}INDEX "{relation.short_name}_grain" ON {table} ({grain})')
    return count


def _sqlite_type(column: Column) -> str:
    if column.type in _WHOLE_NUMBERS:
        return "INTEGER"
    return "REAL" if column.type.startswith(_NUMBERS) else "TEXT"


def _as_sqlite_value(column: Column) -> str:
    """The expression that gives a column as SQLite stores it."""
    kinds = {"INTEGER": "BIGINT", "REAL": "DOUBLE", "TEXT": "VARCHAR"}
    return f'CAST("{column.name}" AS {kinds[_sqlite_type(column)]})'
