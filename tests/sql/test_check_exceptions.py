"""A check excuses a row that is listed with a reason, and no other row."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.build import checks
from nascar_warehouse.warehouse.build.checks import CheckResult, run_checks
from nascar_warehouse.warehouse.build.script_files import parse_script
from nascar_warehouse.warehouse.build.scripts import read_scripts
from nascar_warehouse.warehouse.errors import InvalidSql
from tests.support.check_breaks import RACE
from tests.support.found_rows import found

DEAD_HEAT = f"UPDATE core.results SET finish_position = 2 WHERE {RACE} AND driver_id = 'cy-third'"


def list_exception(con: duckdb.DuckDBPyConnection, row_key: str, without: str | None = None) -> None:
    """List an exception to `position_is_unique`; its source is a document that is here.

    No other one stays, but those of the almanac's races that were run in the autumn before their season.
    """
    con.execute(
        "DELETE FROM seeds.check_exceptions"
        " WHERE check_name <> 'race_date_is_in_season' OR row_key NOT IN (SELECT race_id FROM core.races)"
    )
    con.execute("UPDATE seeds.check_exceptions SET source_url = (SELECT min(url) FROM raw.documents)")
    con.execute(
        "INSERT INTO seeds.check_exceptions BY NAME SELECT 'position_is_unique' AS check_name, $key AS row_key,"
        " url AS source_url, $without AS without_source_id FROM raw.documents WHERE source_id = 'nascar_feed' LIMIT 1",
        {"key": row_key, "without": without},
    )


def test_a_listed_row_is_excused(broken: duckdb.DuckDBPyConnection) -> None:
    broken.execute(DEAD_HEAT)
    list_exception(broken, "cup-2024-01 2")
    assert {} == found(broken)


def test_another_row_of_the_same_check_is_not_excused(broken: duckdb.DuckDBPyConnection) -> None:
    broken.execute(DEAD_HEAT)
    list_exception(broken, "cup-2024-01 1")
    assert ["cup-2024-01 2"] == found(broken)["position_is_unique"]


def test_the_same_row_of_another_check_is_not_excused(broken: duckdb.DuckDBPyConnection) -> None:
    broken.execute(f"UPDATE core.results SET laps_completed = 99 WHERE {RACE} AND finish_position = 1")
    list_exception(broken, "cup-2024-01")
    assert ["cup-2024-01"] == found(broken)["winner_ran_all_laps"]


def test_an_exception_that_excuses_nothing_is_reported(broken: duckdb.DuckDBPyConnection) -> None:
    list_exception(broken, "cup-2024-01 2")
    [needless] = [result for result in run_checks(broken) if result.failing_rows]
    assert (
        CheckResult(
            "exception_is_needed",
            "warn",
            1,
            ({"row_key": "position_is_unique cup-2024-01 2"},),
            {"position_is_unique cup-2024-01 2": frozenset()},
        )
        == needless
    )


def test_whether_an_exception_is_needed_is_not_asked_where_a_publisher_is_missing(
    broken: duckdb.DuckDBPyConnection,
) -> None:
    list_exception(broken, "cup-2024-01 2")
    broken.execute(
        "INSERT INTO seeds.check_exceptions BY NAME"
        " SELECT 'entry_is_unique' AS check_name, 'cup-1949-01 25' AS row_key, 'https://another.example/1' AS source_url"
    )
    assert {} == found(broken)


@pytest.mark.parametrize(
    ("without", "expected"), [("racing_data", {}), ("nascar_feed", {"position_is_unique": ["cup-2024-01 2"]})]
)
def test_a_row_may_be_excused_only_where_a_better_source_is_missing(
    broken: duckdb.DuckDBPyConnection, without: str, expected: dict[str, list[object]]
) -> None:
    broken.execute(DEAD_HEAT)
    list_exception(broken, "cup-2024-01 2", without)
    assert expected == found(broken)


def test_a_check_whose_rows_cannot_be_told_apart_is_refused(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = parse_script("checks", "mine", "-- Severity: warn\nSELECT race_id FROM core.races")
    monkeypatch.setattr(checks, "read_scripts", lambda: (script,))
    with (
        duckdb.connect(sound, read_only=True) as con,
        pytest.raises(InvalidSql, match=r"sql/checks/mine.sql has no column row_key"),
    ):
        run_checks(con)


def test_every_exception_is_of_a_check(sound: Path) -> None:
    names = {script.name for script in read_scripts() if script.schema == "checks"}
    with duckdb.connect(sound, read_only=True) as con:
        listed = con.execute("SELECT DISTINCT check_name FROM seeds.check_exceptions").fetchall()
    assert set() == {name for (name,) in listed} - names
