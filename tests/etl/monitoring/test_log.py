"""The log of a run, as text or JSON."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nascar_warehouse.etl.monitoring.log import (
    Form,
    RunReported,
    choose_form,
    log_problem,
    log_report,
    print_lines,
    run_log,
)
from nascar_warehouse.etl.monitoring.progress import progress_bar
from nascar_warehouse.etl.monitoring.report import ReportOptions, report_run
from nascar_warehouse.etl.outcome import DocumentProblem, RunResult
from tests.conftest import Nascar
from tests.support.commands import COMMAND
from tests.support.feed import FeedFolder
from tests.support.run_reports import BEGUN, FULL, PROBLEM, report, samples

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def lines_of(err: str) -> list[dict[str, Any]]:
    """Every line of the log."""
    return [json.loads(line) for line in err.splitlines()]


def end_of(err: str) -> list[dict[str, Any]]:
    """What is wrong and how the run ended, without what happened on the way."""
    return [line for line in lines_of(err) if line["event"] in {"problem", "warning", "error", "run"}]


@pytest.fixture
def in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCAR_LOG", "json")


@pytest.mark.usefixtures("in_json")
def test_a_run_ends_with_one_line_of_its_counts(nascar: Nascar) -> None:
    left = nascar("build")
    [line] = end_of(left.err)
    found = {name: line[name] for name in ("event", "level", "command", "exit_code", "is_published")}
    assert {"event": "run", "level": "info", "command": "build", "exit_code": 0, "is_published": True} == found
    assert 0 == left.code
    assert line["duration_seconds"] > 0


@pytest.mark.usefixtures("in_json")
def test_each_problem_is_one_line_before_the_run(nascar: Nascar, broken: FeedFolder) -> None:
    problem, run = end_of(nascar("ingest", "--mirror", broken).err)
    assert ("problem", "error", "nascar_feed 2024/1/9001/weekend-feed", 4) == tuple(
        problem[name] for name in ("event", "level", "document", "exit_code")
    )
    assert ("run", "error", 4) == (run["event"], run["level"], run["exit_code"])
    assert problem["started_at"] == run["started_at"]


@pytest.mark.usefixtures("in_json", "built")
def test_an_error_is_one_line_with_its_advice(nascar: Nascar) -> None:
    error, run = end_of(nascar("rebuild", "--as-of", "1999-01-01").err)
    assert ("error", 2) == (error["event"], error["exit_code"])
    assert error["message"].startswith("nothing had been fetched")
    assert error["advice"].startswith("name ")
    assert ("run", 2) == (run["event"], run["exit_code"])


@pytest.mark.usefixtures("in_json")
def test_an_interruption_is_a_line_too(nascar: Nascar, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nascar_warehouse.etl.catalog.run_job", interrupt)
    left = nascar("build")
    [line] = end_of(left.err)
    assert (130, 130, "warning") == (left.code, line["exit_code"], line["level"])


def test_a_bug_is_logged_and_keeps_its_traceback(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        report_run("build", ReportOptions(tmp_path, "json", tmp_path / "x.prom", [])),
    ):
        raise ZeroDivisionError
    error, run = end_of(capfd.readouterr().err)
    assert ("ZeroDivisionError()", 1, 1) == (error["message"], error["exit_code"], run["exit_code"])
    assert 1 == samples(tmp_path / "x.prom")["nascar_last_run_exit_code"]


def logged(result: RunResult, form: Form, capfd: pytest.CaptureFixture[str]) -> list[str]:
    """The lines of a report."""
    with run_log(form, "ingest", BEGUN):
        log_report(report(result), form)
    return capfd.readouterr().err.splitlines()


def numbered_problems(count: int) -> list[DocumentProblem]:
    return [DocumentProblem(f"nascar_feed {number}", 4, f"fault {number}", "look at it") for number in range(count)]


def test_every_problem_and_warning_is_in_the_json_log(capfd: pytest.CaptureFixture[str]) -> None:
    result = RunResult(problems=numbered_problems(40), warnings=[f"new field {number}" for number in range(30)])
    assert 71 == len(logged(result, "json", capfd))


def test_the_text_log_ends_with_the_first_problems_and_how_many_more(capfd: pytest.CaptureFixture[str]) -> None:
    lines = logged(RunResult(problems=numbered_problems(40)), "text", capfd)
    # Ten problems, the advice that they share, how many more, the counts.
    assert (13, "  next: look at it", "and 30 more like these") == (len(lines), lines[-3], lines[-2])


def test_an_advice_stands_after_the_last_problem_that_it_is_for(capfd: pytest.CaptureFixture[str]) -> None:
    one, two = numbered_problems(2)
    other = DocumentProblem("nascar_feed 2", 3, "fault 2", "ask again")
    assert [
        "problem: nascar_feed 0: fault 0",
        "problem: nascar_feed 1: fault 1",
        "  next: look at it",
        "problem: nascar_feed 2: fault 2",
        "  next: ask again",
    ] == logged(RunResult(problems=[one, two, other]), "text", capfd)[:-1]


def test_a_run_with_problems_does_not_say_that_there_is_nothing_new(capfd: pytest.CaptureFixture[str]) -> None:
    one, two = (logged(RunResult(problems=numbered_problems(count)), "text", capfd)[-1] for count in (1, 2))
    assert one.endswith("; 1 problem, nothing published")
    assert two.endswith("; 2 problems, nothing published")


def test_a_problem_that_was_logged_when_it_was_found_is_not_repeated_at_the_end(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with run_log("json", "ingest", BEGUN):
        log_problem(PROBLEM)
        log_report(report(FULL), "json")
    events = [line["event"] for line in lines_of(capfd.readouterr().err)]
    assert ["problem", "warning", "run"] == events


def test_a_json_line_is_one_line_whatever_the_message_is(capfd: pytest.CaptureFixture[str]) -> None:
    warning, _ = logged(RunResult(warnings=["two\nlines, and an é"]), "json", capfd)
    assert "two\nlines, and an é" == json.loads(warning)["message"]
    assert "é" in warning


@pytest.mark.usefixtures("in_json")
def test_lines_come_while_the_run_goes_on(nascar: Nascar, feed: FeedFolder) -> None:
    feed.put_one_race()
    lines = lines_of(nascar("ingest", "nascar_feed", "--mirror", feed).err)
    steps = [line["step"] for line in lines if line["event"] == "step_started"]
    assert "started" == lines[0]["event"]
    assert {"asking nascar_feed", "reading nascar_feed", "building core", "building marts"} <= set(steps)
    assert {"ingest"} == {line["command"] for line in lines}
    assert 1 == len({line["started_at"] for line in lines})


@pytest.mark.usefixtures("in_json")
def test_a_line_is_written_before_the_next_thing_happens(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(RunReported), report_run("build", ReportOptions(tmp_path, "json", None)):
        assert ["started"] == [line["event"] for line in lines_of(capfd.readouterr().err)]


def test_a_long_step_is_logged_on_the_way(capfd: pytest.CaptureFixture[str]) -> None:
    with run_log("json", "ingest", BEGUN), progress_bar() as progress:
        progress.begin("asking nascar_feed", 250)
        for _ in range(250):
            progress.advance()
    lines = [line for line in lines_of(capfd.readouterr().err) if line["event"] == "step_progress"]
    assert [(100, 250), (200, 250)] == [(line["done"], line["total"]) for line in lines]


def test_a_log_that_cannot_be_written_stops_no_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device, no file of the test
        monkeypatch.setattr(sys, "stderr", full)
        with pytest.raises(RunReported) as ended, report_run("build", ReportOptions(tmp_path, "json", None)):
            pass
        monkeypatch.undo()
        with suppress(OSError):
            full.close()
    assert 0 == ended.value.code


def test_a_warehouse_that_is_built_for_a_question_logs_nothing(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", 1, "--format", "csv")
    assert "no warehouse yet: building one from the facts that come with the program\n" == left.err
    assert 2 == len(left.out.splitlines())


@pytest.mark.parametrize(
    ("asked", "is_terminal", "form"),
    [
        (None, True, "text"),
        (None, False, "json"),
        ("text", False, "text"),
        ("json", True, "json"),
    ],
)
def test_the_log_is_text_on_a_terminal_and_json_elsewhere(
    monkeypatch: pytest.MonkeyPatch, asked: str | None, is_terminal: bool, form: str
) -> None:
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: is_terminal))
    assert form == choose_form(asked)


def test_a_run_without_a_terminal_logs_json(nascar: Nascar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NASCAR_LOG")
    line = lines_of(nascar("build").err)[-1]
    assert ("run", 0, True) == tuple(line[name] for name in ("event", "exit_code", "is_published"))


@pytest.mark.usefixtures("in_json")
def test_a_command_that_is_no_run_prints_its_errors_as_text(nascar: Nascar) -> None:
    assert nascar("query", "SELECT 1").err.startswith("error: there is no warehouse")


def test_without_an_error_stream_a_run_goes_on_and_prints_no_data(home: Path) -> None:
    command = f"{shlex.join(COMMAND)} build 2>&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)  # noqa: S603
    assert (0, "") == (done.returncode, done.stdout)
    assert (home / "nascar.duckdb").exists()


def test_a_message_that_repeats_a_text_has_no_command_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines("error: near \x1b[2J\x9b\n\tSELECT 'Su\u00e1rez'")
    assert "error: near  [2J \n\tSELECT 'Su\u00e1rez'\n" == capsys.readouterr().err
