"""DuckDB for the browser: which packages are taken, and what the console of a site finds beside its page."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.export.files import relation_path, write_files
from nascar_warehouse.warehouse.export.relations import read_relations
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from nascar_warehouse.warehouse.website.console import write_plan
from nascar_warehouse.warehouse.website.engine import Engine, read_engine
from tests.conftest import Nascar

SOME = ("marts.closest_finishes", "core.drivers")


def put_package(folder: Path, version: str = "1.32.0", name: str = "@duckdb/duckdb-wasm") -> Path:
    """A folder with the names of the files of the package, and other content."""
    (folder / "dist").mkdir(parents=True)
    for build in ("eh", "mvp"):
        (folder / "dist" / f"duckdb-{build}.wasm").write_bytes(b"\0asm")
        (folder / "dist" / f"duckdb-browser-{build}.worker.js").write_text("// worker")
    (folder / "package.json").write_text(json.dumps({"name": name, "version": version}))
    return folder


@pytest.mark.parametrize(("version", "reads_parquet"), [("1.28.0", True), ("1.30.0", False), ("1.33.1-dev65.0", False)])
def test_a_package_has_the_reader_of_parquet_or_not(tmp_path: Path, version: str, reads_parquet: bool) -> None:
    package = put_package(tmp_path / "package", version)
    assert Engine(package, version, reads_parquet) == read_engine(package)


@pytest.mark.parametrize("version", ["1.27.0", "1.29.0", "2.0.0", "newest", ""])
def test_an_unknown_version_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(UsageError, match="is not supported"):
        read_engine(put_package(tmp_path / "package", version))


def test_another_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has the npm package 'duckdb'"):
        read_engine(put_package(tmp_path / "package", name="duckdb"))


@pytest.mark.parametrize("text", ["[]", "{}", "no JSON"])
def test_a_folder_without_a_package_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "package.json").write_text(text)
    with pytest.raises(UsageError, match="is not an unpacked npm package"):
        read_engine(tmp_path)


def test_a_package_that_is_not_whole_is_refused(nascar: Nascar, tmp_path: Path) -> None:
    package = put_package(tmp_path / "package")
    (package / "dist" / "duckdb-mvp.wasm").unlink()
    left = nascar("export", "--to", tmp_path / "out", "--as", "site", "--with-sql", package)
    assert (2, False) == (left.code, (tmp_path / "out").exists())
    assert "lacks dist/duckdb-mvp.wasm" in left.err
    assert "npm pack @duckdb/duckdb-wasm" in left.err


def test_only_a_site_has_a_console(nascar: Nascar, tmp_path: Path) -> None:
    left = nascar("export", "--to", tmp_path / "out", "--with-sql", tmp_path)
    assert (2, False) == (left.code, (tmp_path / "out").exists())
    assert "--with-sql does not go with parquet" in left.err


def write_some(home: Path, folder: Path, engine: Engine) -> dict[str, object]:
    folder.mkdir()
    with open_published(Home(home)) as con:
        relations = read_relations(con, SOME)
        write_files(con, relations, folder, "parquet")
    write_plan(folder, relations, {each.name: relation_path(each, "parquet") for each in relations}, engine)
    plan = json.loads((folder / "console.json").read_text(encoding="utf-8"))
    assert isinstance(plan, dict)
    return plan


def test_a_package_that_reads_parquet_gets_the_parquet_files(home_of_almanac: Path, tmp_path: Path) -> None:
    plan = write_some(home_of_almanac, tmp_path / "site", Engine(tmp_path, "1.28.0", reads_parquet=True))
    files = {"core.drivers": "core/drivers.parquet", "marts.closest_finishes": "marts/closest_finishes.parquet"}
    assert {"reads_parquet": True, "relations": files, "macros": []} == plan


def test_another_gets_a_small_database_with_the_same_rows_for_each_relation(
    home_of_almanac: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    plan = write_some(home_of_almanac, site, Engine(tmp_path, "1.32.0", reads_parquet=False))
    files = {"core.drivers": "duckdb/drivers.duckdb", "marts.closest_finishes": "duckdb/closest_finishes.duckdb"}
    assert files == plan["relations"]
    for name, file in files.items():
        short = name.partition(".")[2]
        with duckdb.connect(site / file, read_only=True) as con:
            parquet = f"read_parquet('{site / name.replace('.', '/')}.parquet')"
            assert [] == con.execute(f"(FROM {short} EXCEPT ALL FROM {parquet})").fetchall()
            assert (
                con.execute(f"SELECT count(*) FROM {parquet}").fetchall()
                == con.execute(f"SELECT count(*) FROM {short}").fetchall()
            )


def test_a_macro_names_the_relations_that_it_reads(home_of_almanac: Path, tmp_path: Path) -> None:
    plan = write_some(home_of_almanac, tmp_path / "site", Engine(tmp_path, "1.32.0", reads_parquet=False))
    macros = plan["macros"]
    assert isinstance(macros, list)
    assert [("closest", []), ("head_to_head", ["core.drivers"])] == [
        (macro["name"], macro["reads"]) for macro in macros
    ]
    assert [True, True] == ["CREATE OR REPLACE MACRO marts." in macro["statement"] for macro in macros]
