"""The SQL console of the site: DuckDB in the reader's browser over files beside the page.

A relation becomes known to it when a statement names it, so that a reader fetches parts of a few files only.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.explorer.site import STATIC_POLICY
from nascar_warehouse.warehouse.explorer.sql_page import RELATIONS, example_statement
from nascar_warehouse.warehouse.literal import literal
from nascar_warehouse.warehouse.read.questions import read_questions
from nascar_warehouse.warehouse.storage.disk import duckdb_failures
from nascar_warehouse.warehouse.website.engine import STORAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked
    from nascar_warehouse.warehouse.export.relations import Relation
    from nascar_warehouse.warehouse.website.engine import Engine

PLAN = "console.json"
DATABASES = "duckdb"
_BLOCK_BYTES = 16_384
"""The smallest block of DuckDB's files: a browser fetches whole ones."""
_POLICY = STATIC_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") + "; worker-src blob:"
"""A worker that a page makes of a blob has the policy of the page: there, too, nothing comes from another site."""


@dataclass(frozen=True, slots=True)
class _Macro:
    """A macro: its short name, the statement that creates it, and the relations that it reads."""

    name: str
    statement: str
    reads: list[str]


def show_console(asked: Asked, engine: Engine) -> Answer:
    """The page `/sql`; its script runs the statement of the address."""
    return asked.render(
        "console.html",
        policy=_POLICY,
        engine=engine,
        questions=list(_examples(asked)),
        relations=asked.snapshot.rows(RELATIONS),
    )


def _examples(asked: Asked) -> Iterator[tuple[str, str]]:
    """What each named question asks, and its statement. An example may name a track that a part of history lacks."""
    for question in read_questions().values():
        with suppress(UsageError):
            yield question.what, example_statement(asked, question.name)


def write_plan(folder: Path, relations: Sequence[Relation], paths: Mapping[str, str], engine: Engine) -> None:
    """Write what the console reads first: the file of each relation, and the macros. `paths` are the Parquet files."""
    if engine.reads_parquet:
        read = dict(paths)
    else:
        read = {relation.name: f"{DATABASES}/{relation.short_name}.duckdb" for relation in relations}
        _write_databases(folder, relations, paths, read)
    plan = {
        "reads_parquet": engine.reads_parquet,
        "relations": read,
        # The older DuckDB of the package that reads Parquet does not know the defaults of their parameters.
        "macros": [] if engine.reads_parquet else [asdict(macro) for macro in _read_macros(list(paths))],
    }
    (folder / PLAN).write_text(json.dumps(plan, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_databases(
    folder: Path, relations: Sequence[Relation], paths: Mapping[str, str], databases: Mapping[str, str]
) -> None:
    """Write a file with one table for each relation: the catalogue of a file with all of them is megabytes to read."""
    (folder / DATABASES).mkdir()
    with duckdb_failures(folder / DATABASES), duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        # What several threads write takes up to twice the room, and longer.
        con.execute("SET threads = 1")
        for relation in relations:
            file, parquet = (literal(str(folder / found[relation.name])) for found in (databases, paths))
            options = f"BLOCK_SIZE {_BLOCK_BYTES}, STORAGE_VERSION {literal(STORAGE)}"
            con.execute(f"ATTACH {file} AS written ({options})")
            con.execute(f"CREATE TABLE written.main.{relation.short_name} AS FROM read_parquet({parquet})")
            con.execute("DETACH written")


def _read_macros(relations: Sequence[str]) -> list[_Macro]:
    macros = []
    for file in sorted(files("nascar_warehouse.sql").joinpath("marts").iterdir(), key=lambda file: file.name):
        text = file.read_text(encoding="utf-8")
        if "CREATE OR REPLACE MACRO" in text:
            statement = duckdb.extract_statements(text)[0].query
            read = [relation for relation in relations if relation in statement]
            macros.append(_Macro(file.name.removesuffix(".sql"), statement, read))
    return macros
