"""`nascar export`: every row of every relation, in a folder that appears whole, with a manifest."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import MachineFailure
from nascar_warehouse.warehouse.export import export as exporting
from nascar_warehouse.warehouse.export.export import export
from nascar_warehouse.warehouse.export.relations import Relation, read_relations
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar

SOME = ["core.races", "core.race_margins", "core.race_facts", "marts.finishes", "closest_finishes", "ops.documents"]


def differing_rows(con: duckdb.DuckDBPyConnection, relation: Relation, copy: str) -> int:
    both = f"((FROM {relation.name} EXCEPT ALL {copy}) UNION ALL ({copy} EXCEPT ALL FROM {relation.name}))"
    [(count,)] = con.execute(f"SELECT count(*) FROM {both}").fetchall()
    return int(count)


def csv_copy(relation: Relation, file: Path) -> str:
    types = ", ".join(f"'{column.name}': '{column.type}'" for column in relation.columns)
    form = """header = true, quote = '"', escape = '"', allow_quoted_nulls = false"""
    return f"SELECT * FROM read_csv('{file}', {form}, columns = {{{types}}})"


def as_duckdb_has_it(value: Any, kind: str) -> object:
    """A value of SQLite, as DuckDB gives one of the type."""
    if value is None:
        return None
    if kind.startswith("DECIMAL"):
        return Decimal(repr(value)).quantize(Decimal(1).scaleb(-int(kind.rstrip(")").split(",")[1])))
    readers: dict[str, Any] = {"DATE": date.fromisoformat, "TIMESTAMP": datetime.fromisoformat, "BOOLEAN": bool}
    return readers.get(kind, lambda same: same)(value)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_files_have_the_rows_of_the_warehouse(home_of_almanac: Path, tmp_path: Path, form: str) -> None:
    export(Home(home_of_almanac), tmp_path / "out", form, only=SOME)
    with open_published(Home(home_of_almanac)) as con:
        relations = read_relations(con, SOME)
        for relation in relations:
            file = tmp_path / "out" / relation.schema / f"{relation.short_name}.{form}"
            copy = csv_copy(relation, file) if form == "csv" else f"FROM read_parquet('{file}')"
            assert 0 == differing_rows(con, relation, copy), relation.name
    assert 6 == len(relations)


def test_the_sqlite_file_has_the_rows_of_the_warehouse(home_of_almanac: Path, tmp_path: Path) -> None:
    export(Home(home_of_almanac), tmp_path / "out", "sqlite", only=SOME)
    with (
        open_published(Home(home_of_almanac)) as con,
        closing(sqlite3.connect(tmp_path / "out" / "nascar.sqlite")) as copy,
    ):
        for relation in read_relations(con, SOME):
            types = [column.type for column in relation.columns]
            rows = copy.execute(f'SELECT * FROM "{relation.short_name}"').fetchall()
            found = [tuple(map(as_duckdb_has_it, row, types)) for row in rows]
            expected = con.execute(f"FROM {relation.name}").fetchall()
            assert sorted(map(repr, expected)) == sorted(map(repr, found)), relation.name


@pytest.mark.usefixtures("almanac")
def test_every_public_relation_is_exported_and_counted(nascar: Nascar, almanac: Path, tmp_path: Path) -> None:
    left = nascar("export", "--to", tmp_path / "out")
    assert (0, "") == (left.code, left.out)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    with open_published(Home(almanac)) as con:
        names = [relation.name for relation in read_relations(con)]
        [(races,)] = con.execute("SELECT count(*) FROM core.races").fetchall()
    assert names == [relation["relation"] for relation in manifest["relations"]]
    assert [races] == [relation["rows"] for relation in manifest["relations"] if relation["relation"] == "core.races"]
    assert f"wrote {len(names)} relations with " in left.err


def test_the_manifest_describes_every_file(home_of_almanac: Path, tmp_path: Path) -> None:
    export(Home(home_of_almanac), tmp_path / "out", "csv", only=["closest_finishes", "core.tracks"])
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    data = ["core/tracks.csv", "marts/closest_finishes.csv"]
    described = ["croissant.json", "datapackage.json", "sources.yml"]
    assert sorted(data + described) == [file["path"] for file in manifest["files"]]
    for file in manifest["files"]:
        content = (tmp_path / "out" / file["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    assert ["almanac"] == [credit["source_id"] for credit in manifest["credits"]]
    assert [["track_id"], ["race_id"]] == [relation["grain"] for relation in manifest["relations"]]
    assert 12 == len(manifest["schema_version"])


def test_datasette_finds_a_description_of_every_column(home_of_almanac: Path, tmp_path: Path) -> None:
    export(Home(home_of_almanac), tmp_path / "out", "sqlite", only=["marts"])
    metadata = json.loads((tmp_path / "out" / "metadata.json").read_text(encoding="utf-8"))
    tables = metadata["databases"]["nascar"]["tables"]
    with closing(sqlite3.connect(tmp_path / "out" / "nascar.sqlite")) as con:
        for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [column for _, column, *_ in con.execute(f"PRAGMA table_info({name})")]
            assert columns == list(tables[name]["columns"])
            assert all(tables[name]["columns"].values())


def test_an_earlier_export_is_replaced(home_of_almanac: Path, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        export(Home(home_of_almanac), tmp_path / "out", form, only=["core.tracks"])
    assert ["tracks.parquet"] == [path.name for path in (tmp_path / "out" / "core").iterdir()]
    assert ["out"] == [path.name for path in tmp_path.iterdir() if path.name.startswith(("out", ".out"))]


@pytest.mark.usefixtures("almanac")
def test_a_folder_with_something_else_is_left_alone(nascar: Nascar, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    left = nascar("export", "--to", tmp_path / "out")
    assert 2 == left.code
    assert "is there already and is not an export" in left.err
    assert ["letter.txt"] == [path.name for path in (tmp_path / "out").iterdir()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as", "excel"], "invalid --as 'excel'"),
        (["--only", "core.rces"], "there is no relation or schema 'core.rces'"),
        (["--only", "raw"], "there is no relation or schema 'raw'"),
    ],
)
@pytest.mark.usefixtures("almanac")
def test_wrong_usage_writes_nothing(nascar: Nascar, tmp_path: Path, arguments: list[str], said: str) -> None:
    left = nascar("export", "--to", tmp_path / "out", *arguments)
    assert 2 == left.code
    assert said in left.err
    assert not (tmp_path / "out").exists()
    assert [] == [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


def test_an_export_that_fails_leaves_the_earlier_one(
    home_of_almanac: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(Home(home_of_almanac), tmp_path / "out", "csv", only=["core.tracks"])

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(exporting, "write_files", fail)
    with pytest.raises(MachineFailure, match="the disk is full"):
        export(Home(home_of_almanac), tmp_path / "out", "parquet", only=["core.tracks"])
    assert ["tracks.csv"] == [path.name for path in (tmp_path / "out" / "core").iterdir()]
    assert [] == [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_all_of_history_is_exported_row_by_row(history: Path, tmp_path: Path, form: str) -> None:
    only = ["core.races", "core.results", "core.race_margins", "core.drivers", "marts"]
    export(Home(history), tmp_path / "out", form, only=only)
    with open_published(Home(history)) as con:
        for relation in read_relations(con, only):
            file = tmp_path / "out" / relation.schema / f"{relation.short_name}.{form}"
            copy = csv_copy(relation, file) if form == "csv" else f"FROM read_parquet('{file}')"
            assert 0 == differing_rows(con, relation, copy), relation.name
