"""After an update a check is asked again only about what changed."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from nascar_warehouse.warehouse.build.declared import BY_RACE
from nascar_warehouse.warehouse.build.rechecks import Since
from nascar_warehouse.warehouse.build.script_files import parse_script
from nascar_warehouse.warehouse.build.scripts import Script, read_scripts
from nascar_warehouse.warehouse.errors import InvalidSql
from tests.support.check_breaks import BREAKS

BY_NAME = {script.relation: script for script in read_scripts()}
BY_RACE_CHECKS = [s for s in BY_NAME.values() if s.schema == "checks" and s.declared.incremental == BY_RACE]

KNOWN: list[dict[str, object]] = [{"row_key": "cup-2024-01 7"}, {"row_key": "cup-2024-02 7"}]


@dataclass
class Updated:
    """An update that changed the results of one race, or of too many."""

    changed: frozenset[str] = frozenset({"core.results"})
    races: frozenset[str] | None = frozenset({"cup-2024-02"})
    asked: list[str] = field(default_factory=list)

    def narrow(self, check: Script) -> tuple[str, frozenset[str]] | None:
        return None if self.races is None else (f"narrow {check.name}", self.races)

    def replaced_races(self, relation: str) -> str:
        return f"races of {relation}"

    def run(self, query: str) -> list[dict[str, object]]:
        self.asked.append(query)
        return [{"row_key": "cup-2024-02 9"}]

    def run_whole(self, query: str) -> list[dict[str, object]]:
        if query.startswith("narrow"):
            raise InvalidSql("sql/checks/mine.sql: Parser Error", "correct the file")
        return self.run(query)


def check(reads: str, *header: str) -> Script:
    lines = ["-- Severity: warn", *header, f"SELECT race_id AS row_key FROM {reads}"]
    return parse_script("checks", "mine", "\n".join(lines))


def rows_of(update: Updated, script: Script, known: list[dict[str, object]] | None = KNOWN) -> list[object]:
    found = {} if known is None else {"mine": known}
    since = Since(found, update)  # type: ignore[arg-type]  # what an update does for the checks
    return [row["row_key"] for row in since.rows_of(script, update.run)]


def test_a_check_of_what_did_not_change_is_not_asked() -> None:
    update = Updated()
    assert ["cup-2024-01 7", "cup-2024-02 7"] == rows_of(update, check("core.races"))
    assert [] == update.asked


def test_a_check_by_race_is_asked_about_the_affected_races() -> None:
    update = Updated()
    assert ["cup-2024-01 7", "cup-2024-02 9"] == rows_of(update, check("core.results", "-- Incremental: race_id"))
    assert ["narrow mine"] == update.asked


@pytest.mark.parametrize(
    ("update", "header", "known"),
    [
        pytest.param(Updated(), (), KNOWN, id="a check that compares races"),
        pytest.param(Updated(races=None), ("-- Incremental: race_id",), KNOWN, id="too many races"),
        pytest.param(Updated(), ("-- Incremental: race_id",), None, id="nothing is known of before"),
    ],
)
def test_any_other_check_is_asked_about_everything(
    update: Updated, header: tuple[str, ...], known: list[dict[str, object]] | None
) -> None:
    script = check("core.results", *header)
    assert ["cup-2024-02 9"] == rows_of(update, script, known)
    assert [*script.statements] == update.asked


def test_a_row_of_another_race_counts_once() -> None:
    update = Updated(races=frozenset({"cup-2024-03"}))
    assert ["cup-2024-01 7", "cup-2024-02 7"] == rows_of(update, check("core.results", "-- Incremental: race_id"))


def test_what_cannot_be_asked_about_single_races_is_asked_about_everything() -> None:
    update = Updated()
    script = check("core.results", "-- Incremental: race_id")
    rows = Since({"mine": KNOWN}, update).rows_of(script, update.run_whole)  # type: ignore[arg-type]  # as above
    assert [{"row_key": "cup-2024-02 9"}] == rows
    assert [*script.statements] == update.asked


def test_a_table_that_broke_its_grain_is_looked_at_as_a_whole() -> None:
    since = Since({"grain_is_unique": [{"row_key": "core.races cup-2024-01"}]}, Updated(frozenset()))  # type: ignore[arg-type]  # as above
    assert "TRUE" == since.grain_condition(BY_NAME["core.races"])
    assert since.grain_condition(BY_NAME["core.results"]) is None


def test_a_grain_is_looked_at_where_rows_were_replaced() -> None:
    since = Since({}, Updated(frozenset({"core.results", "core.drivers"})))  # type: ignore[arg-type]  # as above
    assert "races of core.results" == since.grain_condition(BY_NAME["core.results"])
    assert "TRUE" == since.grain_condition(BY_NAME["core.drivers"])
    assert since.grain_condition(BY_NAME["core.races"]) is None


@pytest.mark.parametrize("script", BY_RACE_CHECKS, ids=lambda script: script.name)
def test_the_key_of_a_check_by_race_begins_with_the_race(script: Script) -> None:
    keys = [key for name, _, key in BREAKS if name == script.name]
    assert ["cup-2024-01"] * len(keys) == [key.split(" ")[0] for key in keys]
