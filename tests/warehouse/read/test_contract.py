"""What others rely on stays, or the changelog names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascar_warehouse.warehouse.errors import InvalidSql
from nascar_warehouse.warehouse.read.contract import (
    compare,
    read_public_columns,
    read_released_columns,
    require_announced,
)
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar

CHANGELOG = Path(__file__).resolve().parents[3] / "CHANGELOG.md"
RELEASED = {
    ("core.races", "race_id"): "VARCHAR",
    ("core.races", "purse"): "INTEGER",
    ("marts.closest", "track"): "parameter",
}
NOW = {("core.races", "race_id"): "BIGINT", ("core.races", "laps"): "INTEGER", ("marts.closest", "track"): "parameter"}


def test_the_public_schema_has_no_break_that_the_changelog_does_not_name(home_of_almanac: Path) -> None:
    changes = compare(read_released_columns(), read_public_columns(Home(home_of_almanac)))
    require_announced(changes, CHANGELOG.read_text(encoding="utf-8"))


def test_removed_changed_and_added_columns_are_told_apart() -> None:
    assert [
        ("core.races", "purse", "removed", "INTEGER", None, True),
        ("core.races", "race_id", "changed", "VARCHAR", "BIGINT", True),
        ("core.races", "laps", "added", None, "INTEGER", False),
    ] == compare(RELEASED, NOW).values


def test_a_break_that_the_changelog_does_not_name_is_invalid() -> None:
    with pytest.raises(InvalidSql) as refusal:
        require_announced(compare(RELEASED, NOW), "- `core.races.race_id` is a number.")
    assert refusal.value.problem.endswith(": core.races.purse")


def test_breaks_that_the_changelog_names_pass() -> None:
    require_announced(compare(RELEASED, NOW), "`core.races.race_id` is a number, and `core.races.purse` is gone.")


def test_an_addition_needs_no_entry() -> None:
    require_announced(compare({}, NOW), "")


def test_parameters_of_macros_are_part_of_the_contract() -> None:
    assert "parameter" == read_released_columns()["marts.closest", "track"]


@pytest.mark.usefixtures("almanac")
def test_the_command_compares_with_the_last_release(nascar: Nascar) -> None:
    left = nascar("contract", "--changelog", CHANGELOG, "--format", "csv")
    assert (0, "relation,column,change,type_before,type_now,is_break") == (left.code, left.out.splitlines()[0])


@pytest.mark.usefixtures("almanac")
def test_a_changelog_that_is_not_there_is_wrong_usage(nascar: Nascar, tmp_path: Path) -> None:
    left = nascar("contract", "--changelog", tmp_path / "nowhere.md")
    assert 2 == left.code
    assert "nowhere.md" in left.err
