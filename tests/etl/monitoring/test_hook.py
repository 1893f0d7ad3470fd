"""The hook is called when someone must look, and cannot harm the run."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from nascar_warehouse.etl.monitoring.log import RunReported
from nascar_warehouse.etl.monitoring.report import ReportOptions, call_hook, choose_report_options, report_run
from nascar_warehouse.etl.outcome import RunResult
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.settings import Settings
from tests.conftest import Nascar
from tests.support.feed import FeedFolder, result
from tests.support.run_reports import report

# Notes what it got, and that it was called, in the file that it is given.
NOTE = (
    "import json, os, sys; "
    "print(json.dumps([os.environ['NASCAR_EXIT_CODE'], json.load(sys.stdin)]), file=open(sys.argv[1], 'a'))"
)


def python(code: str, *arguments: object) -> str:
    return shlex.join([sys.executable, "-c", code, *map(str, arguments)])


def test_the_hook_is_called_when_someone_must_look(nascar: Nascar, broken: FeedFolder, tmp_path: Path) -> None:
    left = nascar("ingest", "--mirror", broken, "--hook", python(NOTE, tmp_path / "called"))
    [exit_code, report] = json.loads((tmp_path / "called").read_text())
    assert (4, "4", 4, "ingest") == (left.code, exit_code, report["exit_code"], report["command"])
    [problem] = report["problems"]
    assert "nascar_feed 2024/1/9001/weekend-feed" == problem["document"]
    assert problem["advice"] != ""


def test_the_hook_may_be_set_for_all_runs(
    nascar: Nascar, broken: FeedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCAR_HOOK", python(NOTE, tmp_path / "called"))
    nascar("ingest", "--mirror", broken)
    assert (tmp_path / "called").exists()


def test_a_failed_check_calls_the_hook_with_what_was_set_aside(
    nascar: Nascar, feed: FeedFolder, tmp_path: Path
) -> None:
    nameless = result(1, "Ann Winner", driver_fullname=None, laps_led=100)
    feed.put_one_race(results=[nameless, result(2, "Bob Second"), result(3, "Cy Third")])
    assert 5 == nascar("ingest", "--mirror", feed, "--hook", python(NOTE, tmp_path / "called")).code
    [_, report] = json.loads((tmp_path / "called").read_text())
    assert (5, None) == (report["exit_code"], report["error"])
    assert ["race_has_one_winner"] == [
        check for problem in report["problems"] for check in re.findall("race_has_one_winner", problem["problem"])
    ]


@pytest.mark.usefixtures("built")
def test_the_hook_is_left_alone_when_all_is_well(nascar: Nascar, tmp_path: Path) -> None:
    assert 0 == nascar("build", "--hook", python(NOTE, tmp_path / "called")).code
    assert not (tmp_path / "called").exists()


@pytest.mark.parametrize(
    ("exit_code", "is_called"), [(2, False), (3, False), (4, True), (5, True), (6, True), (8, False)]
)
def test_the_hook_is_called_only_after_exit_4_5_and_6(tmp_path: Path, exit_code: int, is_called: bool) -> None:
    options = ReportOptions(tmp_path, "text", None, shlex.split(python(NOTE, tmp_path / "called")))
    error = UsageError("no")
    error.exit_code = exit_code
    with pytest.raises(RunReported), report_run("ingest", options):
        raise error
    assert is_called == (tmp_path / "called").exists()


def test_what_the_hook_prints_goes_to_the_error_stream(nascar: Nascar, broken: FeedFolder) -> None:
    left = nascar("ingest", "--mirror", broken, "--hook", "echo sent")
    assert (4, "") == (left.code, left.out)
    assert "sent\n" in left.err


def test_no_shell_reads_the_hook(tmp_path: Path) -> None:
    options = choose_report_options(
        Settings(tmp_path), None, f"echo $(touch {tmp_path}/shell) ; touch {tmp_path}/shell"
    )
    assert "" == call_hook(options.hook, report(), tmp_path)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        ("/no/such/program --now", "the hook /no/such/program did not start: "),
        (python("import sys; sys.exit(3)"), f"the hook {sys.executable} failed with status 3"),
    ],
)
def test_a_hook_that_fails_is_a_warning_and_leaves_the_exit_code(
    nascar: Nascar, broken: FeedFolder, hook: str, said: str
) -> None:
    left = nascar("ingest", "--mirror", broken, "--hook", hook)
    assert 4 == left.code
    assert f"warning: {said}" in left.err


def test_a_hook_that_reads_nothing_is_no_failure() -> None:
    assert "" == call_hook(["true"], report(RunResult(warnings=["x" * 1000] * 1000)), Path("/home"))


def test_a_hook_that_hangs_is_stopped() -> None:
    failure = call_hook(["sleep", "600"], report(), Path("/home"), limit_seconds=0.2)
    assert "the hook sleep was stopped after 0.2 seconds" == failure


@pytest.mark.parametrize("command", ["build", "rebuild", "ingest"])
def test_half_a_command_line_is_wrong_usage_before_anything_is_run(nascar: Nascar, home: Path, command: str) -> None:
    left = nascar(command, "--hook", "mail 'unfinished")
    assert 2 == left.code
    assert "invalid hook" in left.err
    assert not home.exists()
