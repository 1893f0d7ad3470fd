"""Run `sql/` in a database: the raw tables before the load, everything else after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from warehouse.errors import InvalidSql, NascarError
from warehouse.scripts import PUBLIC, READS, Script, read_scripts
from warehouse.seeds import seed_files
from warehouse.store import duckdb_failures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def make_raw_tables(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make the schemas, the seeds and the empty raw tables in the database at `path`."""
    with duckdb_failures(path):
        for schema in READS:
            if schema != "checks":
                con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, file in seed_files().items():
            con.execute(
                f"CREATE OR REPLACE TABLE seeds.{name} AS FROM read_csv($file, {_SEED_FORM})", {"file": str(file)}
            )
        _run(con, (script for script in read_scripts() if script.schema == "raw"))


def make_relations(
    con: duckdb.DuckDBPyConnection, path: Path, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Make everything that is made of the raw tables, in order, and see that all that is public is documented."""
    with duckdb_failures(path):
        scripts = [script for script in read_scripts() if script.schema not in {"raw", "checks"}]
        _run(con, scripts, progress)
        undocumented = con.execute(_UNDOCUMENTED, {"schemas": list(PUBLIC)}).fetchall()
        if undocumented:
            names = ", ".join(name for (name,) in undocumented[:10])
            raise InvalidSql(
                f"without a comment: {names}",
                "add COMMENT ON to the relation's file, with the unit where there is one",
            )


def _run(
    con: duckdb.DuckDBPyConnection,
    scripts: Iterable[Script],
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    for script in scripts:
        progress(script.relation)
        # One transaction a relation: what is not committed has no statistics, and joins are planned blindly.
        for statement in ("BEGIN", *script.statements, "COMMIT"):
            try:
                con.execute(statement)
            except (duckdb.IOException, duckdb.OutOfMemoryException):
                raise
            except duckdb.Error as error:
                raise _refused(script, error) from error


def _refused(script: Script, error: duckdb.Error) -> NascarError:
    first, *rest = str(error).splitlines()
    where = next((line for line in rest if line.startswith("LINE")), "")
    return InvalidSql(f"{script.path}: {first} {where}".strip(), "correct the file; nothing was published")


# Said, so that nothing is guessed.
_SEED_FORM = (
    "header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', comment = ''"
)

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
