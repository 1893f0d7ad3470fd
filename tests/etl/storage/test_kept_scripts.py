"""What a run read in `sql/` is left for the next one of the same program."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascar_warehouse.etl.storage import published_state
from nascar_warehouse.etl.storage.published_state import keeping_scripts
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.build import scripts
from nascar_warehouse.warehouse.build.scripts import Script, read_scripts


@pytest.fixture
def run_log(tmp_path: Path) -> RunLog:
    return RunLog(tmp_path / "journal.sqlite")


@pytest.fixture(autouse=True)
def _scripts_are_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "_SCRIPTS", [read_scripts()])


def read_with(run_log: RunLog) -> tuple[Script, ...]:
    with keeping_scripts(run_log):
        return read_scripts()


def test_the_next_run_takes_what_was_read(run_log: RunLog) -> None:
    first = read_with(run_log)
    second = read_with(run_log)
    assert first == second
    assert first is not second


def test_another_program_reads_for_itself(run_log: RunLog, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_with(run_log)
    monkeypatch.setattr(published_state, "program_fingerprint", lambda: "another")
    assert first is read_with(run_log)
    assert first is not read_with(run_log)


def test_a_run_that_fails_leaves_nothing(run_log: RunLog) -> None:
    with pytest.raises(KeyboardInterrupt), keeping_scripts(run_log):
        raise KeyboardInterrupt
    assert run_log.fact("scripts") is None
