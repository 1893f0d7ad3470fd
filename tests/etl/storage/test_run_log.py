"""What one run leaves behind is there for the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nascar_warehouse.etl.storage.run_log import Run, RunLog
from nascar_warehouse.warehouse.errors import MachineFailure

BEGUN = datetime(2024, 5, 6, 4, 0, 0, 123456, tzinfo=UTC)
FULL_RUN = Run(
    command="ingest",
    started_at=BEGUN,
    finished_at=BEGUN + timedelta(seconds=90),
    exit_code=4,
    documents_checked=5,
    documents_new=4,
    documents_absent=3,
    documents_quarantined=2,
    rows_loaded=1,
    is_published=True,
    warnings="the feed drops the accent of Suárez\nand the point of Jr.",
)
BARE_RUN = Run("build", BEGUN, BEGUN, 0)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[RunLog]:
    """An empty journal."""
    with RunLog(tmp_path / "journal.sqlite") as opened:
        yield opened


def test_a_new_journal_has_no_runs(journal: RunLog) -> None:
    assert [] == journal.runs()


def test_runs_come_back_as_they_were_oldest_first(journal: RunLog) -> None:
    journal.record(FULL_RUN)
    journal.record(BARE_RUN)
    assert [FULL_RUN, BARE_RUN] == journal.runs()


def test_everything_is_still_there_when_the_journal_is_opened_again(tmp_path: Path) -> None:
    with RunLog(tmp_path / "journal.sqlite") as journal:
        journal.record(FULL_RUN)
        journal.remember("published", "yes")
        journal.accept(["a#1"])
        journal.mark_shown(["new field"])
    with RunLog(tmp_path / "journal.sqlite") as journal:
        assert ([FULL_RUN], "yes", frozenset({"a#1"}), []) == (
            journal.runs(),
            journal.fact("published"),
            journal.accepted(),
            journal.new_notices({"new field": "2024"}),
        )


def test_a_fact_that_nobody_left_is_none(journal: RunLog) -> None:
    assert None is journal.fact("published")


def test_a_fact_is_what_was_left_last(journal: RunLog) -> None:
    journal.remember("published", "old")
    journal.remember("published", "new")
    assert "new" == journal.fact("published")


def test_facts_of_other_names_are_left_alone(journal: RunLog) -> None:
    journal.remember("published", "this")
    journal.remember("else", "that")
    assert "this" == journal.fact("published")


def test_a_notice_says_where_it_was_first_seen(journal: RunLog) -> None:
    assert ["new field $.a, first seen in 2024/1"] == journal.new_notices({"new field $.a": "2024/1"})


def test_a_notice_is_said_again_until_somebody_heard_it(journal: RunLog) -> None:
    journal.new_notices({"new field $.a": "2024/1"})
    assert ["new field $.a, first seen in 2024/1"] == journal.new_notices({"new field $.a": "2024/1"})


def test_a_notice_that_was_heard_is_not_said_again(journal: RunLog) -> None:
    journal.mark_shown(["new field $.a"])
    assert ["new field $.b, first seen in 2024/2"] == journal.new_notices(
        {"new field $.a": "2024/2", "new field $.b": "2024/2"}
    )


def test_a_notice_may_be_heard_twice(journal: RunLog) -> None:
    journal.mark_shown(["new field $.a"])
    journal.mark_shown(["new field $.a"])
    assert [] == journal.new_notices({"new field $.a": "2024/1"})


def test_nothing_is_accepted_at_first(journal: RunLog) -> None:
    assert frozenset() == journal.accepted()


def test_what_a_person_accepted_stays_accepted(journal: RunLog) -> None:
    journal.accept(["a#1"])
    journal.accept(["b#2", "a#1"])
    journal.accept([])
    assert frozenset({"a#1", "b#2"}) == journal.accepted()


def test_a_journal_that_is_no_database_is_said_to_be_unusable(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"no database, but long enough to have a header of a hundred bytes" * 40)
    with pytest.raises(MachineFailure, match=r"journal\.sqlite"):
        RunLog(path)


def test_a_journal_whose_folder_cannot_be_made_is_said_to_be_unusable(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(MachineFailure, match="home"):
        RunLog(tmp_path / "home" / "journal.sqlite")
