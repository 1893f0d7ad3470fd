"""The list of the earlier warehouses, and how one comes back in one step."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Ask, Nascar
from tests.support.homes import copy_home
from tests.support.two_warehouses import WINNERS, listed

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

# --- the list


@pytest.mark.usefixtures("two")
def test_the_list_has_the_published_warehouse_and_the_earlier_ones(nascar: Nascar) -> None:
    assert [(2, "published"), (1, "kept")] == listed(nascar)


@pytest.mark.usefixtures("two")
def test_the_list_says_how_many_races_there_are_and_which_is_the_last(nascar: Nascar, ask: Ask) -> None:
    [published, _] = json.loads(nascar("snapshots", "--format", "json").out)
    [(races, last_race_date)] = ask("SELECT count(*), max(race_date) FROM core.races")
    assert (races, str(last_race_date)) == (published["races"], published["last_race_date"])
    assert [(published["last_race"],)] == ask(f"SELECT race_name FROM core.races WHERE race_date = '{last_race_date}'")


@pytest.mark.usefixtures("two")
def test_a_snapshot_of_another_version_is_listed_without_its_contents(nascar: Nascar, home: Path) -> None:
    with duckdb.connect(home / "snapshots" / "nascar-000007.duckdb") as con:
        con.execute("CREATE TABLE something AS SELECT 1 AS one")
    [row] = [row for row in json.loads(nascar("snapshots", "--format", "json").out) if row["number"] == 7]
    assert (None, None, None) == (row["races"], row["last_race_date"], row["last_race"])


@pytest.mark.usefixtures("two")
def test_a_damaged_snapshot_is_listed_as_unreadable(nascar: Nascar, home: Path) -> None:
    (home / "snapshots" / "nascar-000003.duckdb").write_bytes(b"half of a warehouse" * 5_000)
    assert (3, "kept, unreadable") in listed(nascar)


def test_listing_nothing_makes_nothing(nascar: Nascar, home: Path) -> None:
    left = nascar("snapshots")
    assert (0, "", "there is no warehouse yet\n") == (left.code, left.out, left.err)
    assert not home.exists()


# --- there and back


@pytest.mark.usefixtures("two")
def test_a_rollback_puts_the_warehouse_before_in_place(nascar: Nascar, ask: Ask) -> None:
    left = nascar("rollback")
    assert (0, "") == (left.code, left.out)
    assert [("0.100",)] == ask(WINNERS)


@pytest.mark.usefixtures("two")
def test_what_a_rollback_replaces_stays_with_its_number(nascar: Nascar) -> None:
    nascar("rollback")
    assert [(2, "rolled back"), (1, "published")] == listed(nascar)


@pytest.mark.usefixtures("two")
def test_a_rollback_says_which_warehouse_is_in_place_and_which_was(nascar: Nascar) -> None:
    said = nascar("rollback").err
    assert said.startswith("number 1, built ")
    assert "number 2 is kept" in said


@pytest.mark.usefixtures("two")
def test_a_rollback_can_be_taken_back_by_number(nascar: Nascar, ask: Ask) -> None:
    nascar("rollback")
    assert 0 == nascar("rollback", "--to", "2").code
    assert [("0.200",)] == ask(WINNERS)
    assert [(2, "published"), (1, "rolled back")] == listed(nascar)


@pytest.mark.usefixtures("two")
def test_a_second_rollback_goes_further_back_and_not_to_what_was_rolled_back(nascar: Nascar) -> None:
    nascar("rollback")
    left = nascar("rollback")
    assert 2 == left.code
    assert "no snapshot is older" in left.err
    assert [(2, "rolled back"), (1, "published")] == listed(nascar)
    assert "--to: 2" in left.err


def test_what_was_rolled_back_is_passed_over_later_too(
    nascar: Nascar, home: Path, home_built_again: Path, ask: Ask
) -> None:
    copy_home(home_built_again, home)
    assert [(3, "published"), (2, "rolled back"), (1, "kept")] == listed(nascar)
    nascar("rollback")
    assert [("0.100",)] == ask(WINNERS)


@pytest.mark.usefixtures("two")
def test_a_warehouse_that_was_put_back_outlives_the_one_that_was_taken_away(
    nascar: Nascar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCAR_SNAPSHOTS", "1")
    nascar("rollback")
    nascar("build")
    assert [(1, "kept")] == listed(nascar)[1:]


@pytest.mark.usefixtures("two")
def test_a_deleted_warehouse_comes_back_from_its_newest_snapshot(nascar: Nascar, home: Path, ask: Ask) -> None:
    (home / "nascar.duckdb").unlink()
    assert 0 == nascar("rollback").code
    assert [("0.100",)] == ask(WINNERS)


@pytest.mark.usefixtures("two")
def test_a_reader_of_the_warehouse_that_is_replaced_keeps_it(nascar: Nascar, home: Path) -> None:
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        nascar("rollback")
        assert [("0.200",)] == con.execute(WINNERS).fetchall()


@pytest.mark.usefixtures("two")
def test_a_rollback_is_in_the_journal(nascar: Nascar) -> None:
    nascar("rollback")
    [*_, last] = [row for row in json.loads(nascar("status", "--format", "json").out) if row["what"] == "run"]
    assert ("3 rollback", "exit 0") == (last["name"], last["state"])
