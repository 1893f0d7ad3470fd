"""What a run found in `sql/` is left for the next one of the same program."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascar_warehouse.etl.storage import published_state
from nascar_warehouse.etl.storage.published_state import keeping_scripts, program_fingerprint
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.build import script_files, scripts
from nascar_warehouse.warehouse.build.scripts import Parsed, read_scripts

COUNT = len(read_scripts())


@pytest.fixture
def run_log(tmp_path: Path) -> RunLog:
    return RunLog(tmp_path / "journal.sqlite")


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were parsed."""
    names: list[str] = []
    parse = script_files._parse  # noqa: SLF001  # what a run that knows them does without

    def note(schema: str, name: str, text: str, header: str) -> Parsed:
        names.append(f"{schema}.{name}")
        return parse(schema, name, text, header)

    monkeypatch.setattr(script_files, "_parse", note)
    return names


def run(run_log: RunLog, monkeypatch: pytest.MonkeyPatch, *, is_fresh: bool = False) -> None:
    """What a new process does."""
    monkeypatch.setattr(scripts, "_SCRIPTS", [])
    with keeping_scripts(run_log, is_fresh=is_fresh):
        read_scripts()


def test_the_next_run_parses_nothing(run_log: RunLog, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run(run_log, monkeypatch)
    run(run_log, monkeypatch)
    assert COUNT == len(parsed)


def test_no_sql_is_kept(run_log: RunLog, monkeypatch: pytest.MonkeyPatch) -> None:
    run(run_log, monkeypatch)
    assert "SELECT" not in str(run_log.fact("scripts"))


def test_a_rebuild_and_another_program_parse_for_themselves(
    run_log: RunLog, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(run_log, monkeypatch)
    run(run_log, monkeypatch, is_fresh=True)
    assert 2 * COUNT == len(parsed)
    monkeypatch.setattr(published_state, "program_fingerprint", lambda: "another")
    run(run_log, monkeypatch)
    assert 3 * COUNT == len(parsed)


@pytest.mark.parametrize("text", ["", "{}", "{", "[]", "null", '{"core.races": 5}', '{"core.races": {"spans": [[1]]}}'])
def test_what_is_damaged_is_parsed_and_kept_again(
    run_log: RunLog, parsed: list[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    run_log.remember("scripts", f"{program_fingerprint()}\n{text}")
    run(run_log, monkeypatch)
    assert COUNT == len(parsed)
    run(run_log, monkeypatch)
    assert COUNT == len(parsed)
