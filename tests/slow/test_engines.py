"""An export for Spark or PostgreSQL: loaded there, each view of marts and ops has the rows that it has in DuckDB."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb

from nascar_warehouse.warehouse.export.export import export
from nascar_warehouse.warehouse.export.relations import Relation, read_relations
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.engines import run_postgres, run_spark

SPARK_TYPES = {"VARCHAR": "string", "INTEGER": "int", "TIMESTAMP": "timestamp_ntz"}
POSTGRES_TYPES = {"VARCHAR": "text", "TIMESTAMP": "timestamp without time zone", "DOUBLE": "double precision"}


def views_of(con: duckdb.DuckDBPyConnection) -> list[Relation]:
    views = {name for (name,) in con.execute("SELECT schema_name || '.' || view_name FROM duckdb_views()").fetchall()}
    return [relation for relation in read_relations(con, ["marts", "ops"]) if relation.name in views]


def differing(con: duckdb.DuckDBPyConnection, view: Relation, copy: str) -> list[tuple[object, ...]]:
    """Rows that only one side has, equal rows counted."""
    both = f"(FROM {view.name} EXCEPT ALL {copy}) UNION ALL ({copy} EXCEPT ALL FROM {view.name})"
    return con.execute(f"{both} LIMIT 5").fetchall()


def test_views_are_equal_in_spark(home_of_season: Path, tmp_path: Path) -> None:
    export(Home(home_of_season), tmp_path / "export", "spark")
    run_spark(tmp_path / "export", tmp_path / "out")
    with open_published(Home(home_of_season)) as con:
        views = views_of(con)
        for view in views:
            types = dict(json.loads((tmp_path / "out" / f"{view.name}.types").read_text()))
            expected = {column.name: SPARK_TYPES.get(column.type, column.type.lower()) for column in view.columns}
            assert expected == types, view.name
            copy = f"SELECT * FROM read_parquet('{tmp_path}/out/{view.name}/*.parquet')"
            assert [] == differing(con, view, copy), view.name
    assert len(views) > 30


def test_views_are_equal_in_postgres(home_of_season: Path, tmp_path: Path) -> None:
    export(Home(home_of_season), tmp_path / "export", "postgres")
    run_postgres(tmp_path / "export", tmp_path / "out")
    with (tmp_path / "out" / "types.csv").open(encoding="utf-8") as file:
        types = {(row["relation"], row["name"]): row["type"] for row in csv.DictReader(file)}
    with open_published(Home(home_of_season)) as con:
        views = views_of(con)
        for view in views:
            for column in view.columns:
                expected = POSTGRES_TYPES.get(column.type, column.type.lower().replace("decimal", "numeric"))
                assert expected == types[view.name, column.name], f"{view.name}.{column.name}"
            columns = ", ".join(f"'{column.name}': '{column.type}'" for column in view.columns)
            form = """header = true, quote = '"', escape = '"', allow_quoted_nulls = false"""
            copy = f"SELECT * FROM read_csv('{tmp_path}/out/{view.name}.csv', {form}, columns = {{{columns}}})"
            assert [] == differing(con, view, copy), view.name
    assert len(views) > 30
