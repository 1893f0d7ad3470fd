"""Run `sql/` in a database: the raw tables before the load, everything else after it."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

import duckdb

from nascar_warehouse.warehouse.build.conformed import conform
from nascar_warehouse.warehouse.build.documentation import document_relations
from nascar_warehouse.warehouse.build.grain import state_grain
from nascar_warehouse.warehouse.build.scripts import READS, Script, read_scripts
from nascar_warehouse.warehouse.build.seeds import seed_files
from nascar_warehouse.warehouse.errors import InvalidSql, NascarError
from nascar_warehouse.warehouse.storage.connection import attached
from nascar_warehouse.warehouse.storage.disk import duckdb_failures

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from importlib.resources.abc import Traversable
    from pathlib import Path


IDS_BEFORE = "temp.ids_before"
"""In an update: `core.source_races` as it is published."""


class Progress(Protocol):
    """Shows how far a build is."""

    def begin(self, what: str, total: int | None = None) -> None:
        """Begin a step of `total` parts."""

    def advance(self, parts: int = 1) -> None:
        """Count parts of the step as done."""


def make_raw_tables(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make the schemas, the seeds and the empty raw tables in the database at `path`.

    Raises `InvalidSql` for a file that breaks a rule.
    """
    from nascar_warehouse.warehouse.build.script_files import require_portable_views

    require_portable_views()
    with duckdb_failures(path):
        for schema in READS:
            if schema != "checks":
                con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, file in seed_files().items():
            _load_seed(con, name, file)
        _run(con, (script for script in read_scripts() if script.schema == "raw"))


def remake_raw_tables(con: duckdb.DuckDBPyConnection, relations: Collection[str]) -> None:
    """Make some raw tables again, empty: rows that are only deleted stay in the file."""
    _run(con, (script for script in read_scripts() if script.relation in relations))


def _load_seed(con: duckdb.DuckDBPyConnection, name: str, file: Traversable) -> None:
    with file.open(encoding="utf-8") as lines:
        columns = dict.fromkeys(lines.readline().strip().split(","), "VARCHAR")
    try:
        con.execute(
            f"CREATE OR REPLACE TABLE seeds.{name} AS FROM read_csv($file, columns = $columns, {_SEED_FORM})",
            {"file": str(file), "columns": columns},
        )
    except duckdb.InvalidInputException as error:
        raise InvalidSql(
            f"sql/seeds/{name}.csv: {' '.join(str(error).splitlines()[:3])}",
            "give each row as many values as the first line has; quote a value with a comma",
        ) from error


def make_relations(con: duckdb.DuckDBPyConnection, path: Path, progress: Progress | None = None) -> None:
    """Make every relation above the raw tables, schema by schema; `InvalidSql` if a public one has no comment."""
    with duckdb_failures(path):
        scripts = [script for script in read_scripts() if script.schema not in {"raw", "checks"}]
        # A schema reads only those below it, so that this is an order of dependencies too.
        scripts.sort(key=lambda script: list(READS).index(script.schema))
        for schema, group in groupby(scripts, key=lambda script: script.schema):
            relations = list(group)
            if progress is not None:
                progress.begin(f"building {schema}", len(relations))
            _run(con, relations, progress)
        document_relations(con)


def moved_races(con: duckdb.DuckDBPyConnection, published: Path, *, is_copy: bool) -> list[str]:
    """The races whose id is not what it is in the published warehouse; the old one may have been noted elsewhere."""
    with nullcontext() if is_copy else attached(con, published):
        try:
            rows = con.execute(
                _MOVED.format(before=IDS_BEFORE if is_copy else "published.core.source_races")
            ).fetchall()
        except duckdb.CatalogException:
            return []  # Another version of this program built it.
    return [f"race {key} of {source_id} was {before} and is {after}" for source_id, key, before, after in rows]


def _run(
    con: duckdb.DuckDBPyConnection,
    scripts: Iterable[Script],
    progress: Progress | None = None,
) -> None:
    for script in scripts:
        # One transaction a relation: what is not committed has no statistics, and joins are planned blindly.
        try:
            con.execute("BEGIN")
            relation, *comments = conform(con, script) if script.members else script.statements
            con.execute(relation)
            # In one call, which takes two thirds of the time: a build has 1,700 comments.
            con.execute("\n;\n".join([*(state_grain(comment, script.grain) for comment in comments), "COMMIT"]))
        except (duckdb.IOException, duckdb.OutOfMemoryException):
            raise
        except duckdb.Error as error:
            raise _refused(script, error) from error
        if progress is not None:
            progress.advance()


def _refused(script: Script, error: duckdb.Error) -> NascarError:
    first, *rest = str(error).splitlines()
    where = next((line for line in rest if line.startswith("LINE")), "")
    return InvalidSql(f"{script.path}: {first} {where}".strip(), "correct the file; nothing was published")


_MOVED = """
SELECT source_id, race_key, known.race_id, races.race_id
FROM core.source_races AS races
INNER JOIN {before} AS known USING (source_id, race_key)
WHERE races.race_id <> known.race_id
ORDER BY ALL
"""

# Nothing is detected: with a comma too many, DuckDB's detection can find no rows at all and no error.
_SEED_FORM = (
    "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', comment = ''"
)
