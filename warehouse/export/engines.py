"""The warehouse for another engine: its tables as data, its views as statements of that engine, and a loader.

Views of marts and ops stay views. All else that they read is data, also the few relations of other schemas, which the
folder holds in their own schemas. The order of the manifest is one in which each relation finds what it reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import sqlglot
from sqlglot import exp

from nascar_warehouse.warehouse.build.scripts import read_scripts
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.export import engine_readmes
from nascar_warehouse.warehouse.export.relations import read_inputs
from nascar_warehouse.warehouse.export.translate import translate
from nascar_warehouse.warehouse.literal import literal
from nascar_warehouse.warehouse.storage.disk import duckdb_failures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from nascar_warehouse.warehouse.build.scripts import Script
    from nascar_warehouse.warehouse.export.relations import Relation

ENGINES = ("spark", "postgres")

_TYPES = {
    # DuckDB's TIMESTAMP has no zone; by default Spark's has one.
    "spark": {"VARCHAR": "STRING", "VARCHAR[]": "ARRAY<STRING>", "INTEGER": "INT", "TIMESTAMP": "TIMESTAMP_NTZ"},
    # DuckDB compares text by its bytes. A column's collation goes with it into views.
    "postgres": {
        "VARCHAR": 'TEXT COLLATE "C"',
        "VARCHAR[]": 'TEXT[] COLLATE "C"',
        "TINYINT": "SMALLINT",
        "DOUBLE": "DOUBLE PRECISION",
    },
}
_COPY = {"spark": "FORMAT parquet, COMPRESSION zstd", "postgres": "FORMAT csv, HEADER"}

_POSTGRES_LIST = r"""
'{{' || array_to_string(
  list_transform({}, lambda part: '"' || replace(replace(part, '\', '\\'), '"', '\"') || '"'), ','
) || '}}'
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an export for an engine holds: tables as data, and views with their queries, each after what it reads."""

    tables: tuple[Relation, ...]
    views: tuple[tuple[Relation, exp.Query], ...]

    @property
    def relations(self) -> list[Relation]:
        """The tables and then the views."""
        return [*self.tables, *(view for view, _ in self.views)]

    @property
    def paths(self) -> dict[str, str]:
        """The path of each relation's statement, below the folder of the export."""
        tables = {table.name: f"tables/{table.schema}/{table.short_name}.sql" for table in self.tables}
        return tables | {view.name: f"views/{view.schema}/{view.short_name}.sql" for view, _ in self.views}


def plan_engine(con: duckdb.DuckDBPyConnection, relations: Sequence[Relation]) -> Plan:
    """Divide all public relations of the connection into tables and views, and add the inputs of the views.

    Raises `UsageError` when the published views are not those of this version of the program.
    """
    public = {relation.name: relation for relation in relations}
    scripts = [script for script in read_scripts() if script.schema in {"marts", "ops"} and script.kind == "view"]
    views = tuple((_published(script, public), _query(script)) for script in scripts)
    for view, query in views:
        if query.named_selects != [column.name for column in view.columns]:
            raise _another_version(view.name)
    names = {view.name for view, _ in views}
    inputs = {read for script in scripts for read in script.reads} - public.keys()
    tables = [relation for relation in relations if relation.name not in names]
    return Plan((*tables, *read_inputs(con, sorted(inputs))), views)


def write_engine(con: duckdb.DuckDBPyConnection, plan: Plan, folder: Path, engine: str) -> dict[str, int]:
    """Write data, statements, loader and README into the folder; return the number of rows of each relation."""
    paths = plan.paths
    rows = {table.name: _write_data(con, table, folder, engine) for table in plan.tables}
    for table in plan.tables:
        _write(folder / paths[table.name], _STATEMENTS[engine](table, None))
    for view, query in plan.views:
        decimals = {column.name: column.type for column in view.columns if column.type.startswith("DECIMAL")}
        _write(folder / paths[view.name], _STATEMENTS[engine](view, translate(query, engine, decimals)))
        [(rows[view.name],)] = con.execute(f"SELECT count(*) FROM {view.name}").fetchall()  # noqa: S608  # a name of ours
    if engine == "spark":
        loader = files("nascar_warehouse.warehouse.export").joinpath("spark_load.py").read_text(encoding="utf-8")
        _write(folder / "load.py", loader)
        _write(folder / "README.md", engine_readmes.SPARK)
    else:
        _write(folder / "load.sql", _postgres_loader(plan))
        _write(folder / "README.md", engine_readmes.POSTGRES)
    return rows


def engine_type(duckdb_type: str, engine: str) -> str:
    """The engine's name of a type of DuckDB; DECIMAL, DATE, BOOLEAN and BIGINT have the same everywhere."""
    return _TYPES[engine].get(duckdb_type, duckdb_type)


def _write_data(con: duckdb.DuckDBPyConnection, table: Relation, folder: Path, engine: str) -> int:
    """Write the rows of a table and return how many; in files for PostgreSQL a list has the form of its arrays."""
    file = folder / _data_path(table, engine)
    file.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(
        f"{_POSTGRES_LIST.format(column.name)} AS {column.name}"
        if engine == "postgres" and column.type == "VARCHAR[]"
        else column.name
        for column in table.columns
    )
    query = f"SELECT {columns} FROM {table.name}"  # noqa: S608  # names of ours
    with duckdb_failures(file):
        [(count,)] = con.execute(f"COPY ({query}) TO {literal(str(file))} ({_COPY[engine]})").fetchall()
    return int(count)


def _data_path(table: Relation, engine: str) -> str:
    path = f"data/{table.schema}/{table.short_name}"
    # Spark reads a folder as a table.
    return f"{path}/part-0.parquet" if engine == "spark" else f"{path}.csv"


def _published(script: Script, public: dict[str, Relation]) -> Relation:
    if script.relation not in public:
        raise _another_version(script.relation)
    return public[script.relation]


def _another_version(relation: str) -> UsageError:
    return UsageError(f"{relation} was published by another version of this program", "run `nascar build`")


def _query(script: Script) -> exp.Query:
    # `read_scripts` let through only a view of a query.
    return cast("exp.Query", sqlglot.parse_one(script.statements[0], dialect="duckdb").expression)


def _spark_statement(relation: Relation, query: str | None) -> str:
    """CREATE TABLE over the files, or CREATE VIEW where there is a query."""
    columns = ",\n  ".join(
        " ".join([column.name, *types, "COMMENT", _text(column.description, "spark")])
        for column in relation.columns
        # A view has the types of its query.
        for types in [[] if query else [engine_type(column.type, "spark")]]
    )
    comment = f"COMMENT {_text(relation.description, 'spark')}"
    if query:
        return f"CREATE OR REPLACE VIEW {relation.name} (\n  {columns}\n)\n{comment}\nAS\n{query}\n"
    location = f"LOCATION '{{folder}}/data/{relation.schema}/{relation.short_name}'"
    return f"CREATE TABLE {relation.name} (\n  {columns}\n)\nUSING parquet\n{location}\n{comment}\n"


def _postgres_statement(relation: Relation, query: str | None) -> str:
    kind = "VIEW" if query else "TABLE"
    if query:
        create = f"CREATE VIEW {relation.name} AS\n{query};"
    else:
        columns = ",\n  ".join(f"{column.name} {engine_type(column.type, 'postgres')}" for column in relation.columns)
        create = f"CREATE TABLE {relation.name} (\n  {columns}\n);"
    comments = [
        f"COMMENT ON {kind} {relation.name} IS {_text(relation.description, 'postgres')};",
        *(
            f"COMMENT ON COLUMN {relation.name}.{column.name} IS {_text(column.description, 'postgres')};"
            for column in relation.columns
        ),
    ]
    return "\n".join([create, *comments, ""])


_STATEMENTS = {"spark": _spark_statement, "postgres": _postgres_statement}


def _postgres_loader(plan: Plan) -> str:
    """For psql: one transaction, so that readers see all of the old or all of the new."""
    views = [view for view, _ in plan.views]
    schemas = sorted({relation.schema for relation in plan.relations})
    lines = [
        "-- Run in this folder: psql -f load.sql DATABASE",
        "\\set ON_ERROR_STOP on",
        "BEGIN;",
        "SET LOCAL client_min_messages = warning;",
    ]
    lines += [f"CREATE SCHEMA IF NOT EXISTS {schema};" for schema in schemas]
    lines += [f"DROP VIEW IF EXISTS {view.name};" for view in reversed(views)]
    lines += [f"DROP TABLE IF EXISTS {table.name};" for table in plan.tables]
    for table in plan.tables:
        lines += [
            f"\\ir {plan.paths[table.name]}",
            f"\\copy {table.name} FROM '{_data_path(table, 'postgres')}' WITH (FORMAT csv, HEADER)",
        ]
        if table.grain:
            unique = "" if table.is_grain_nullable else "UNIQUE "
            lines.append(f"CREATE {unique}INDEX ON {table.name} ({', '.join(table.grain)});")
        lines.append(f"ANALYZE {table.name};")
    lines += [f"\\ir {plan.paths[view.name]}" for view in views]
    return "\n".join([*lines, "COMMIT;", ""])


def _text(text: str, dialect: str) -> str:
    return exp.Literal.string(text).sql(dialect=dialect)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
