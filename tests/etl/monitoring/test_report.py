"""What the world outside hears of a run: lines for a person or a journal, metrics, a call to the hook."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import pytest

from nascar_warehouse.etl.monitoring.hook import call_hook, read_hook
from nascar_warehouse.etl.monitoring.log import RunReported, choose_form, run_lines
from nascar_warehouse.etl.monitoring.metrics import render_metrics, write_metrics
from nascar_warehouse.etl.monitoring.report import ReportOptions, RunReport, report_run
from nascar_warehouse.etl.outcome import DocumentProblem, RunResult
from nascar_warehouse.warehouse.errors import CheckFailed, SourceUnavailable, UsageError
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar
from tests.support.feed import FeedFolder, result, weekend

BEGUN = datetime(2024, 5, 6, 4, 0, 0, tzinfo=UTC)
PROBLEM = DocumentProblem("nascar_feed 2024/1/9001/weekend-feed", 4, "a field is missing", "look at it")
FULL = RunResult(5, 4, 3, 2, is_published=True, problems=[PROBLEM], warnings=["a new field"])


def report(outcome: RunResult | None = None, error: BaseException | None = None) -> RunReport:
    return RunReport("ingest", BEGUN, BEGUN + timedelta(seconds=1.5), outcome or RunResult(), error)


def samples(text: str) -> dict[str, float]:
    """The samples of a file of metrics, by name and labels."""
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    }


@pytest.fixture
def broken(feed: FeedFolder) -> FeedFolder:
    """A mirror whose only weekend lacks a field: exit 4."""
    feed.put_one_race()
    payload = weekend()
    del payload["weekend_race"][0]["track_name"]
    feed.put_weekend(payload)
    return feed


# --- metrics


def test_the_metrics_say_how_the_last_run_went(home: Path) -> None:
    found = samples(render_metrics(report(FULL), Home(home)))
    assert {
        "nascar_last_run_timestamp_seconds": BEGUN.timestamp() + 1.5,
        "nascar_last_run_duration_seconds": 1.5,
        "nascar_last_run_exit_code": 4,
        "nascar_last_run_documents_checked": 5,
        "nascar_last_run_documents_new": 4,
        "nascar_last_run_documents_absent": 3,
        "nascar_last_run_documents_quarantined": 1,
        "nascar_last_run_rows_loaded": 2,
        "nascar_last_run_published": 1,
    }.items() <= found.items()


def test_the_metrics_of_a_failed_run_have_its_exit_code_and_no_publication(home: Path) -> None:
    found = samples(render_metrics(report(FULL, SourceUnavailable("down")), Home(home)))
    assert (3, 0) == (found["nascar_last_run_exit_code"], found["nascar_last_run_published"])


def test_the_metrics_follow_the_conventions(nascar: Nascar, feed: FeedFolder, tmp_path: Path) -> None:
    feed.put_one_race()
    nascar("ingest", "--mirror", feed, "--metrics", tmp_path / "nascar.prom")
    text = (tmp_path / "nascar.prom").read_text()
    names = []
    for block in re.split(r"(?=^# HELP )", text, flags=re.MULTILINE)[1:]:
        help_line, type_line, *lines = block.splitlines()
        _, _, name, *words = help_line.split(" ")
        assert f"# TYPE {name} gauge" == type_line
        assert words[-1].endswith(".")
        sample = re.compile(rf'{name}({{source="[a-z_]+"}})? [0-9]+(\.[0-9]+)?')
        assert [True] * len(lines) == [sample.fullmatch(line) is not None for line in lines]
        names.append(name)
    assert len(set(names)) == len(names)
    assert text.endswith("\n")
    # Only a counter ends in _total, and all of these go up and down.
    assert [] == [name for name in names if not name.startswith("nascar_") or name.endswith("_total")]
    assert {"timestamp_seconds", "duration_seconds"} == {
        "_".join(name.split("_")[-2:]) for name in names if "seconds" in name
    }


def test_the_metrics_say_when_each_source_was_asked_and_had_something_new(
    nascar: Nascar, feed: FeedFolder, tmp_path: Path
) -> None:
    feed.put_one_race()
    for _ in range(2):
        nascar("ingest", "--mirror", feed, "--metrics", tmp_path / "nascar.prom")
    found = samples((tmp_path / "nascar.prom").read_text())
    checked = found['nascar_source_last_check_timestamp_seconds{source="nascar_feed"}']
    newest = found['nascar_source_newest_document_timestamp_seconds{source="nascar_feed"}']
    ended = found["nascar_last_run_timestamp_seconds"]
    assert [newest, checked, ended] == sorted([newest, checked, ended])
    assert newest < checked


def test_the_last_success_outlasts_a_failure(nascar: Nascar, broken: FeedFolder, tmp_path: Path) -> None:
    file = tmp_path / "nascar.prom"
    nascar("build", "--metrics", file)
    first = samples(file.read_text())
    nascar("ingest", "--mirror", broken, "--metrics", file)
    second = samples(file.read_text())
    name = "nascar_last_success_timestamp_seconds"
    # The journal notes the end of a run a little before the command reports it.
    assert 4 == second["nascar_last_run_exit_code"]
    assert first[name] - 5 < second[name] <= first[name]


def test_before_any_success_the_last_one_is_zero(home: Path) -> None:
    assert (
        0
        == samples(render_metrics(report(error=CheckFailed("no")), Home(home)))["nascar_last_success_timestamp_seconds"]
    )


def test_open_problems_are_counted(nascar: Nascar, broken: FeedFolder, tmp_path: Path) -> None:
    nascar("ingest", "--mirror", broken, "--metrics", tmp_path / "nascar.prom")
    assert 1 == samples((tmp_path / "nascar.prom").read_text())["nascar_open_problems"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("rebuild", "--as-of", "1999-01-01"), 2),
        (("ingest", "--season", "nonsense"), 2),
        (("ingest", "--mirror", "/nowhere"), 2),
    ],
)
def test_the_metrics_are_written_when_the_run_fails(
    nascar: Nascar, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    nascar("build")
    left = nascar(*arguments, "--metrics", tmp_path / "nascar.prom")
    assert (code, code) == (left.code, samples((tmp_path / "nascar.prom").read_text())["nascar_last_run_exit_code"])


def test_the_metrics_are_written_when_the_warehouse_is_busy(nascar: Nascar, home: Path, tmp_path: Path) -> None:
    with Home(home).lock("build"):
        left = nascar("build", "--metrics", tmp_path / "nascar.prom")
    assert (7, 7) == (left.code, samples((tmp_path / "nascar.prom").read_text())["nascar_last_run_exit_code"])


def test_the_metrics_replace_those_before_in_one_step_and_anybody_may_read_them(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "nascar.prom"
    file.write_text("before")
    with file.open() as reader:
        assert "" == write_metrics(file, report(), home)
        assert "before" == reader.read()
    assert (["nascar.prom"], 0o644) == ([path.name for path in tmp_path.iterdir()], file.stat().st_mode & 0o777)


def test_metrics_without_a_folder_are_wrong_usage_before_anything_is_run(
    nascar: Nascar, home: Path, tmp_path: Path
) -> None:
    left = nascar("build", "--metrics", tmp_path / "missing" / "nascar.prom")
    assert 2 == left.code
    assert not home.exists()


def test_metrics_that_cannot_be_written_are_told_and_change_nothing(
    nascar: Nascar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse_prom(Path.write_text, refuse))
    left = nascar("build", "--metrics", tmp_path / "nascar.prom")
    assert 0 == left.code
    assert "warning: the metrics were not written: cannot use " in left.err


def refuse_prom(real: Any, refuse: Any) -> Any:
    return lambda path, *rest, **named: (refuse if ".prom" in path.name else real)(path, *rest, **named)


# --- the hook

# Notes what it got, and that it was called, in the file that it is given.
NOTE = (
    "import json, os, sys; "
    "print(json.dumps([os.environ['NASCAR_EXIT_CODE'], json.load(sys.stdin)]), file=open(sys.argv[1], 'a'))"
)


def python(code: str, *arguments: object) -> str:
    return shlex.join([sys.executable, "-c", code, *map(str, arguments)])


def test_the_hook_is_called_when_a_person_has_to_look(nascar: Nascar, broken: FeedFolder, tmp_path: Path) -> None:
    left = nascar("ingest", "--mirror", broken, "--hook", python(NOTE, tmp_path / "called"))
    [exit_code, outcome] = json.loads((tmp_path / "called").read_text())
    assert (4, "4", 4, "ingest") == (left.code, exit_code, outcome["exit_code"], outcome["command"])
    [problem] = outcome["problems"]
    assert "nascar_feed 2024/1/9001/weekend-feed" == problem["document"]
    assert problem["advice"] != ""


def test_the_hook_may_be_set_for_all_runs(
    nascar: Nascar, broken: FeedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCAR_HOOK", python(NOTE, tmp_path / "called"))
    nascar("ingest", "--mirror", broken)
    assert (tmp_path / "called").exists()


def test_a_failed_check_calls_the_hook_with_the_error(nascar: Nascar, feed: FeedFolder, tmp_path: Path) -> None:
    nameless = result(1, "Ann Winner", driver_fullname=None, laps_led=100)
    feed.put_one_race(results=[nameless, result(2, "Bob Second"), result(3, "Cy Third")])
    assert 5 == nascar("ingest", "--mirror", feed, "--hook", python(NOTE, tmp_path / "called")).code
    [_, outcome] = json.loads((tmp_path / "called").read_text())
    assert (5, False) == (outcome["exit_code"], outcome["is_published"])
    assert "race_has_one_winner" in outcome["error"]


def test_the_hook_is_left_alone_when_all_is_well(nascar: Nascar, tmp_path: Path) -> None:
    assert 0 == nascar("build", "--hook", python(NOTE, tmp_path / "called")).code
    assert not (tmp_path / "called").exists()


@pytest.mark.parametrize(
    ("exit_code", "is_called"), [(2, False), (3, False), (4, True), (5, True), (6, True), (8, False)]
)
def test_only_what_a_person_must_see_calls_the_hook(tmp_path: Path, exit_code: int, is_called: bool) -> None:
    ways = ReportOptions(tmp_path, "text", None, shlex.split(python(NOTE, tmp_path / "called")))
    error = UsageError("no")
    error.exit_code = exit_code
    with pytest.raises(RunReported), report_run("ingest", ways):
        raise error
    assert is_called == (tmp_path / "called").exists()


def test_what_the_hook_prints_is_no_data(nascar: Nascar, broken: FeedFolder) -> None:
    left = nascar("ingest", "--mirror", broken, "--hook", "echo sent")
    assert (4, "") == (left.code, left.out)
    assert "sent\n" in left.err


def test_no_shell_reads_the_hook(tmp_path: Path) -> None:
    assert "" == call_hook(read_hook(f"echo $(touch {tmp_path}/shell) ; touch {tmp_path}/shell"), 4, {})
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        ("/no/such/program --now", "the hook /no/such/program did not start: "),
        (python("import sys; sys.exit(3)"), f"the hook {sys.executable} ended with status 3"),
    ],
)
def test_a_hook_that_fails_is_told_and_leaves_the_exit_code(
    nascar: Nascar, broken: FeedFolder, hook: str, said: str
) -> None:
    left = nascar("ingest", "--mirror", broken, "--hook", hook)
    assert 4 == left.code
    assert f"warning: {said}" in left.err


def test_a_hook_that_reads_nothing_is_no_failure() -> None:
    assert "" == call_hook(["true"], 4, {"warnings": ["x" * 1000] * 1000})


def test_a_hook_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    # The child holds one end of a pipe, which closes when nobody has it open any more.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = "import subprocess, sys; subprocess.run(['sleep', '600'], stdout=open(sys.argv[1], 'wb'))"
    with pipe_reader(pipe) as reader:
        said = call_hook([sys.executable, "-c", code, str(pipe)], 4, {}, limit_seconds=0.5)
        assert (f"the hook {sys.executable} took more than 0.5 seconds and was stopped", b"") == (said, reader.read())


@contextmanager
def pipe_reader(pipe: Path) -> Iterator[IO[bytes]]:
    """The reading end of a named pipe, opened before anybody writes; reading waits until no writer is left."""
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, "rb") as reader:
        yield reader


@pytest.mark.parametrize("command", ["build", "rebuild", "ingest"])
def test_half_a_command_line_is_wrong_usage_before_anything_is_run(nascar: Nascar, home: Path, command: str) -> None:
    left = nascar(command, "--hook", "mail 'unfinished")
    assert 2 == left.code
    assert "no command line" in left.err
    assert not home.exists()


# --- the log


def lines_of(err: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in err.splitlines()]


@pytest.fixture
def in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCAR_LOG", "json")


@pytest.mark.usefixtures("in_json")
def test_a_run_is_one_line_of_json_with_its_counts(nascar: Nascar) -> None:
    left = nascar("build")
    [line] = lines_of(left.err)
    assert ("run", "info", "build", 0, True) == tuple(
        line[name] for name in ("event", "level", "command", "exit_code", "is_published")
    )
    assert 0 == left.code
    assert line["duration_seconds"] > 0


@pytest.mark.usefixtures("in_json")
def test_each_problem_is_a_line_of_its_own_before_the_run(nascar: Nascar, broken: FeedFolder) -> None:
    problem, run = lines_of(nascar("ingest", "--mirror", broken).err)
    assert ("problem", "error", "nascar_feed 2024/1/9001/weekend-feed", 4) == tuple(
        problem[name] for name in ("event", "level", "document", "exit_code")
    )
    assert ("run", "error", 4) == (run["event"], run["level"], run["exit_code"])
    assert problem["started_at"] == run["started_at"]


@pytest.mark.usefixtures("in_json")
def test_an_error_is_a_line_with_its_advice_and_nothing_is_said_twice(nascar: Nascar) -> None:
    nascar("build")
    error, run = lines_of(nascar("rebuild", "--as-of", "1999-01-01").err)
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
    [line] = lines_of(left.err)
    assert (130, 130, "warning") == (left.code, line["exit_code"], line["level"])


def test_a_bug_is_told_as_one_and_keeps_its_traceback(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        report_run("build", ReportOptions(tmp_path, "json", tmp_path / "x.prom", [])),
    ):
        raise ZeroDivisionError
    error, run = lines_of(capfd.readouterr().err)
    assert ("ZeroDivisionError()", 1, 1) == (error["message"], error["exit_code"], run["exit_code"])
    assert 1 == samples((tmp_path / "x.prom").read_text())["nascar_last_run_exit_code"]


def test_every_warning_and_problem_is_in_the_journal_however_many() -> None:
    outcome = RunResult(problems=[PROBLEM] * 40, warnings=["a new field"] * 30)
    assert (71, 12) == (len(run_lines(report(outcome), "json")), len(run_lines(report(outcome), "text")))


def test_a_line_of_json_is_one_line_whatever_is_said() -> None:
    [warning, _] = run_lines(report(RunResult(warnings=["two\nlines, and an é"])), "json")
    assert ("two\nlines, and an é", 1) == (json.loads(warning)["message"], len(warning.splitlines()))
    assert "é" in warning


@pytest.mark.parametrize(
    ("asked", "is_terminal", "form"),
    [
        (None, True, "text"),
        (None, False, "json"),
        ("text", False, "text"),
        ("json", True, "json"),
    ],
)
def test_a_person_reads_text_on_a_terminal_and_a_program_json(
    monkeypatch: pytest.MonkeyPatch, asked: str | None, is_terminal: bool, form: str
) -> None:
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: is_terminal))
    assert form == choose_form(asked)


def test_a_run_beside_no_terminal_tells_its_counts_in_one_line_of_json(
    nascar: Nascar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NASCAR_LOG")
    [line] = nascar("build").err.splitlines()
    assert ("run", 0, True) == tuple(json.loads(line)[name] for name in ("event", "exit_code", "is_published"))


@pytest.mark.usefixtures("in_json")
def test_a_command_that_is_no_run_says_its_errors_as_text(nascar: Nascar) -> None:
    assert nascar("query", "SELECT 1").err.startswith("error: there is no warehouse")


def test_a_reader_is_not_slowed_down_by_what_only_a_run_needs(home: Path) -> None:
    code = "import sys, etl.cli; print([name for name in ('nascar_warehouse.etl.monitoring.report', 'nascar_warehouse.etl.monitoring.hook', 'nascar_warehouse.etl.monitoring.metrics', 'msgspec', 'sqlite3') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert "[]\n" == done.stdout
    assert not home.exists()


def test_without_an_error_stream_a_run_goes_on_and_prints_no_data(home: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -c 'from nascar_warehouse.etl.cli import main; main()' build 2>&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)  # noqa: S603
    assert (0, "") == (done.returncode, done.stdout)
    assert (home / "nascar.duckdb").exists()
