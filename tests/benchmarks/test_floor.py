"""The floor is written apart from the program, and does the same work: as many rows in each table."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import duckdb

from nascar_warehouse.etl.sources.nascar_results import NascarResults
from nascar_warehouse.etl.sources.racing_data import RacingData
from tests.benchmarks import analyst, by_hand, floor, floor_feed
from tests.benchmarks.floor import build, documents_of
from tests.conftest import ask_file
from tests.support import feed, nascar_results_files, racing_data_files
from tests.support.feed import FeedFolder
from tests.support.nascar_results_files import NascarResultsFolder
from tests.support.racing_data_files import RacingDataFolder


def test_what_the_warehouse_is_compared_with_imports_nothing_of_it() -> None:
    imported = {
        name
        for module in (floor, floor_feed, by_hand, analyst)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        for name in _imported(node)
    }

    assert not {name for name in imported if name.startswith("nascar_warehouse") or "importlib" in name}
    assert {"tests.benchmarks.floor_feed"} == {name for name in imported if name.startswith("tests")}


def test_the_floor_pays_for_no_module_of_the_warehouse_or_of_its_tests() -> None:
    statement = "import sys, tests.benchmarks.floor; print(*sys.modules)"

    left = subprocess.run(
        [sys.executable, "-c", statement], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )

    assert not {"nascar_warehouse", "pytest", "tests.support"} & set(left.stdout.split())


def test_the_floor_writes_as_many_rows_of_the_feed_as_the_warehouse(home_of_season: Path, tmp_path: Path) -> None:
    build(tmp_path / "floor.duckdb", documents_of(home_of_season / "landing" / "documents.sqlite"))

    written = _counts(tmp_path / "floor.duckdb", "main")

    raw = _counts(home_of_season / "nascar.duckdb", "raw")
    assert {name: raw[name] for name in written} == written
    assert {name for name in raw if raw[name] and name.startswith(("nascar_feed", "almanac"))} == set(written)


def test_the_floor_has_the_columns_of_the_feed_that_the_warehouse_has(home_of_season: Path, tmp_path: Path) -> None:
    build(tmp_path / "floor.duckdb", documents_of(home_of_season / "landing" / "documents.sqlite"))
    statement = """
        SELECT table_name, column_name, data_type FROM duckdb_columns()
        WHERE schema_name = '{schema}' AND table_name LIKE 'nascar_feed%' AND column_name <> 'loaded_at'
          AND column_name NOT IN ('document_id', 'margin_kind', 'margin_value', 'margin_unit', 'margin_seconds', 'margin_decimals',
            'is_lower_bound', 'is_approximate')
    """

    written = set(ask_file(tmp_path / "floor.duckdb", statement.format(schema="main")))

    tables = {table for table, *_ in written}
    raw = {
        row for row in ask_file(home_of_season / "nascar.duckdb", statement.format(schema="raw")) if row[0] in tables
    }
    assert raw == written


def test_the_floor_reads_lap_times_only_where_they_are_wanted(tmp_path: Path) -> None:
    mirror = FeedFolder(tmp_path / "mirror")
    mirror.put("2024/1/9001/lap-times.json", feed.laps({"11": "Ann Winner", "12": "Bob Second"}, 3))

    without = [key for _, key, _ in documents_of(tmp_path / "mirror")]
    build(tmp_path / "floor.duckdb", documents_of(tmp_path / "mirror", laps=True))

    assert [] == without
    laps = ask_file(
        tmp_path / "floor.duckdb", "SELECT race_id, car_number, lap, lap_time FROM nascar_feed_laps ORDER BY ALL"
    )
    assert [(9001, car, lap, 30.0 if lap else None) for car in ("11", "12") for lap in range(4)] == laps


def test_the_floor_writes_as_many_rows_of_the_archives_as_the_warehouse(tmp_path: Path) -> None:
    drivers = ("Ann Winner", "Bob Second", "Cy Third")
    RacingDataFolder(tmp_path / "mirror").put_season(
        [racing_data_files.race(1)], racing_data_files.results(1, *drivers)
    )
    NascarResultsFolder(tmp_path / "mirror").put(
        nascar_results_files.as_parquet(*nascar_results_files.results(1, *drivers))
    )
    documents = list(documents_of(tmp_path / "mirror"))

    build(tmp_path / "floor.duckdb", documents)

    sources = {"racing_data": RacingData(), "nascar_results": NascarResults()}
    parsed = [sources[source].parse(key, content) for source, key, content in documents]
    assert {name: len(rows) for each in parsed for name, rows in each.rows.items()} == _counts(
        tmp_path / "floor.duckdb", "main"
    )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def _counts(file: Path, schema: str) -> dict[str, int]:
    with duckdb.connect(file, read_only=True) as con:
        names = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = ?", [schema]).fetchall()
        return {name: con.execute(f"SELECT count(*) FROM {schema}.{name}").fetchall()[0][0] for (name,) in names}
