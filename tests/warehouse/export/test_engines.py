"""An export for Spark or PostgreSQL: data, statements in an order that works, and a loader.

`tests/slow/test_engines.py` loads them in the engines.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
import sqlglot

from nascar_warehouse.warehouse.build.scripts import read_scripts
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.export.engines import ENGINES, engine_type, plan_engine
from nascar_warehouse.warehouse.export.export import export
from nascar_warehouse.warehouse.export.relations import read_relations
from nascar_warehouse.warehouse.export.spark_load import load
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar


@pytest.fixture(scope="module")
def exports(home_of_almanac: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("engines")
    for engine in ENGINES:
        export(Home(home_of_almanac), folder / engine, engine)
    return {engine: folder / engine for engine in ENGINES}


def read_manifest(folder: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("engine", ENGINES)
def test_each_relation_comes_after_what_it_reads(exports: dict[str, Path], engine: str) -> None:
    scripts = {script.relation: script for script in read_scripts()}
    seen: set[str] = set()
    for relation in read_manifest(exports[engine])["relations"]:
        if relation["path"].startswith("views/"):
            assert scripts[relation["relation"]].reads <= seen
        seen.add(relation["relation"])
    assert {name for name, script in scripts.items() if script.schema == "core" and script.kind != "macro"} < seen


@pytest.mark.parametrize("engine", ENGINES)
def test_each_statement_is_one_of_the_engine_and_has_the_comments(exports: dict[str, Path], engine: str) -> None:
    for relation in read_manifest(exports[engine])["relations"]:
        text = (exports[engine] / relation["path"]).read_text(encoding="utf-8")
        create, *comments = sqlglot.parse(text, dialect=engine)
        assert create is not None
        assert "COMMENT" in text
        assert (engine == "postgres") == bool(comments)


def test_spark_reads_each_table_where_the_files_are(exports: dict[str, Path], tmp_path: Path) -> None:
    ran: list[str] = []

    class Session:
        def sql(self, statement: str) -> None:
            ran.append(statement)

    count = load(cast("Any", Session()), exports["spark"], "s3a://bucket/nascar")
    assert count == len(read_manifest(exports["spark"])["relations"])
    assert "CREATE SCHEMA IF NOT EXISTS core" in ran
    [races] = [statement for statement in ran if statement.startswith("CREATE TABLE core.races (")]
    assert "LOCATION 's3a://bucket/nascar/data/core/races'" in races
    assert "race_date DATE COMMENT " in races
    assert (exports["spark"] / "data" / "core" / "races" / "part-0.parquet").exists()
    compile((exports["spark"] / "load.py").read_text(encoding="utf-8"), str(tmp_path), "exec")


def test_postgres_loads_all_in_one_transaction(exports: dict[str, Path]) -> None:
    lines = (exports["postgres"] / "load.sql").read_text(encoding="utf-8").splitlines()
    begin, end = lines.index("BEGIN;"), lines.index("COMMIT;")
    assert (2, len(lines) - 1) == (begin, end)
    assert r"\copy core.races FROM 'data/core/races.csv' WITH (FORMAT csv, HEADER)" in lines
    assert "CREATE UNIQUE INDEX ON core.races (race_id);" in lines
    for line in lines:
        if line.startswith("\\ir "):
            assert (exports["postgres"] / line.removeprefix("\\ir ")).exists()


def test_the_export_counts_rows_and_has_the_schema_version_of_all_forms(
    exports: dict[str, Path], home_of_almanac: Path
) -> None:
    spark, postgres = (read_manifest(exports[engine]) for engine in ENGINES)
    assert spark["schema_version"] == postgres["schema_version"]
    rows = {relation["relation"]: relation["rows"] for relation in spark["relations"]}
    with open_published(Home(home_of_almanac)) as con:
        for name in ("core.race_margins", "marts.closest_finishes", "raw.documents"):
            assert [(rows[name],)] == con.execute(f"SELECT count(*) FROM {name}").fetchall()


def test_every_type_of_the_warehouse_has_a_name_in_each_engine(home_of_almanac: Path) -> None:
    with duckdb.connect(home_of_almanac / "nascar.duckdb", read_only=True) as con:
        types = {column.type.partition("(")[0] for relation in read_relations(con) for column in relation.columns}
    same = {"BIGINT", "BOOLEAN", "DATE", "DECIMAL", "SMALLINT"}
    named = {"spark": {"DOUBLE", "TINYINT"}, "postgres": {"INTEGER", "TIMESTAMP"}}
    for engine in ENGINES:
        assert types <= same | named[engine] | {kind for kind in types if engine_type(kind, engine) != kind}


def test_an_export_for_an_engine_is_whole(nascar: Nascar, tmp_path: Path) -> None:
    left = nascar("export", "--to", tmp_path / "out", "--as", "spark", "--only", "marts")
    assert 2 == left.code
    assert "--only does not go with spark" in left.err


def test_views_of_another_version_are_not_exported(home_of_almanac: Path) -> None:
    with open_published(Home(home_of_almanac)) as con:
        relations = read_relations(con)
        without = [relation for relation in relations if relation.name != "marts.starts"]
        with pytest.raises(UsageError, match=r"marts\.starts was published by another version"):
            plan_engine(con, without)
