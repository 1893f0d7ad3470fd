"""The tool that compares two warehouses sees what differs, and nothing where nothing does."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.support.compare_warehouses import compare_warehouses


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return make(tmp_path / "before.duckdb", "SELECT 'cup-2024-12' AS race_id, 267 AS laps, now() AS built_at")


def make(file: Path, races: str, more: str = "") -> Path:
    with duckdb.connect(file) as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA ops")
        con.execute(f"CREATE TABLE core.races AS {races}; CREATE TABLE ops.loads AS SELECT random() AS load_id; {more}")
    return file


def test_equal_relations_have_no_difference(before: Path, tmp_path: Path) -> None:
    after = make(tmp_path / "after.duckdb", "SELECT 'cup-2024-12' AS race_id, 267 AS laps, now() AS built_at")
    assert [] == compare_warehouses(before, after)


def test_a_changed_value_is_shown_from_both_sides(before: Path, tmp_path: Path) -> None:
    after = make(tmp_path / "after.duckdb", "SELECT 'cup-2024-12' AS race_id, 268 AS laps, now() AS built_at")
    assert [[(267, "cup-2024-12")], [(268, "cup-2024-12")]] == [
        found.rows for found in compare_warehouses(before, after)
    ]


def test_a_row_that_is_there_twice_is_a_difference(before: Path, tmp_path: Path) -> None:
    after = make(
        tmp_path / "after.duckdb", "SELECT 'cup-2024-12' AS race_id, 267 AS laps, now() AS built_at FROM range(2)"
    )
    assert ['1 rows only after ("laps", "race_id")'] == [found.what for found in compare_warehouses(before, after)]


def test_relations_columns_and_types_of_one_side_are_named(before: Path, tmp_path: Path) -> None:
    after = make(
        tmp_path / "after.duckdb",
        "SELECT 'cup-2024-12' AS race_id, 267::BIGINT AS laps, now() AS built_at, 1 AS cautions",
        "CREATE TABLE core.tracks AS SELECT 1 AS track_id",
    )
    assert [
        "column cautions only after",
        "column laps was INTEGER and is BIGINT",
        "only after",
    ] == [found.what for found in compare_warehouses(before, after)]
