"""Each check finds the row that breaks it, and holds on all that was captured."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.build.scripts import read_scripts
from tests.support.check_breaks import BREAKS, RACE
from tests.support.found_rows import found


def test_every_check_holds_in_a_sound_warehouse(sound: Path) -> None:
    with duckdb.connect(sound, read_only=True) as con:
        assert {} == found(con)


@pytest.mark.slow
@pytest.mark.parametrize(("check", "statement", "row_key"), BREAKS)
def test_a_check_and_only_it_finds_what_breaks_it(
    broken: duckdb.DuckDBPyConnection, check: str, statement: str, row_key: str
) -> None:
    broken.execute(statement)
    rows = found(broken)
    assert ([check], row_key) == (list(rows), rows[check][0])


def test_two_cars_that_both_won_are_found_as_such(broken: duckdb.DuckDBPyConnection) -> None:
    broken.execute(f"UPDATE core.results SET finish_position = 1 WHERE {RACE} AND finish_position = 2")
    # They necessarily share a place as well.
    assert {"race_has_one_winner": ["cup-2024-01"], "position_is_unique": ["cup-2024-01 1"]} == found(broken)


def test_every_check_is_shown_to_find_something() -> None:
    names = {script.name for script in read_scripts() if script.schema == "checks"}
    assert names | {"grain_is_unique"} == {check for check, _, _ in BREAKS}


# --- what is no error


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "UPDATE core.results SET laps_led = NULL WHERE driver_id = 'bob-second'", id="who led is not known of all"
        ),
        pytest.param(
            # The first car on the grid lost the lead in lap 1, before the list begins.
            "UPDATE core.races SET lead_changes = 2 WHERE race_id = 'cup-2024-01'",
            id="a change in lap 1",
        ),
        pytest.param(
            "UPDATE core.results SET status_group = 'withdrew', status = 'quit' WHERE driver_id = 'cy-third'",
            id="who quit had started",
        ),
        pytest.param(
            "INSERT INTO seeds.driver_aliases (driver_name, first_season, last_season, driver_id)"
            " VALUES ('Kyle Petty', '2000', '2000', 'adam-petty')",
            id="an alias of one season",
        ),
    ],
)
def test_no_check_minds(broken: duckdb.DuckDBPyConnection, statement: str) -> None:
    broken.execute(statement)
    assert {} == found(broken)


# --- nothing is forgotten


def test_every_table_of_core_that_has_documents_is_asked_for_them(sound: Path) -> None:
    with duckdb.connect(sound, read_only=True) as con:
        tables = con.execute(
            "SELECT 'core.' || table_name FROM duckdb_tables() INNER JOIN duckdb_columns() USING (schema_name, table_name)"
            " WHERE schema_name = 'core' AND column_name = 'document_id'"
        ).fetchall()
    [check] = [script for script in read_scripts() if script.name == "row_has_a_document"]
    assert {name for (name,) in tables} == check.reads - {"raw.documents"}


# --- all that was captured


def test_every_row_that_a_check_finds_in_the_history_is_listed_with_a_reason(history: Path) -> None:
    with duckdb.connect(history / "nascar.duckdb", read_only=True) as con:
        assert {} == found(con)


def test_all_of_the_captured_feed_passes_but_for_what_is_listed(captured: Path) -> None:
    with duckdb.connect(captured / "nascar.duckdb", read_only=True) as con:
        assert {} == found(con)


@pytest.mark.parametrize("check", ["entry_is_unique", "driver_is_once_in_a_race", "race_date_is_in_season"])
def test_an_exception_hides_a_row_that_is_really_there(history: Path, check: str) -> None:
    [script] = [script for script in read_scripts() if (script.schema, script.name) == ("checks", check)]
    with duckdb.connect(history / "nascar.duckdb", read_only=True) as con:
        rows = con.execute(f"SELECT row_key FROM ({script.statements[0]}) ORDER BY 1").fetchall()
        listed = con.execute(
            "SELECT row_key FROM seeds.check_exceptions WHERE check_name = $check AND without_source_id IS NULL ORDER BY 1",
            {"check": check},
        ).fetchall()
    assert rows == listed
