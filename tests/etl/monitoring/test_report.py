"""How a run is reported: the log as text or JSON, the metrics file, the hook."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from nascar_warehouse.etl.monitoring.log import Form, RunReported, choose_form, log_problem, log_report, run_log
from nascar_warehouse.etl.monitoring.metrics import collect_metrics, write_metrics
from nascar_warehouse.etl.monitoring.progress import progress_bar
from nascar_warehouse.etl.monitoring.report import ReportOptions, call_hook, choose_report_options, report_run
from nascar_warehouse.etl.outcome import DocumentProblem, RunReport, RunResult
from nascar_warehouse.warehouse.errors import CheckFailed, SourceUnavailable, UsageError
from nascar_warehouse.warehouse.settings import Settings
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar
from tests.support.commands import COMMAND
from tests.support.feed import FeedFolder, result, weekend

BEGUN = datetime(2024, 5, 6, 4, 0, 0, tzinfo=UTC)
PROBLEM = DocumentProblem("nascar_feed 2024/1/9001/weekend-feed", 4, "a field is missing", "look at it")
FULL = RunResult(5, 4, 3, 2, is_published=True, problems=[PROBLEM], warnings=["a new field"])


def report(result: RunResult | None = None, error: BaseException | None = None) -> RunReport:
    return RunReport("ingest", BEGUN, BEGUN + timedelta(seconds=1.5), result or RunResult(), error)


def samples(file: Path) -> dict[str, float]:
    """The samples of a metrics file, by name, those of a source by its name after it."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(file.read_text())
        for sample in family.samples
    }


def collected(report: RunReport, home: Path) -> dict[str, float]:
    """The metrics of a report without labels, by name."""
    return {
        metric.name: metric.samples[0].value
        for metric in collect_metrics(report, Home(home)).collect()
        if metric.samples
    }


@pytest.fixture
def broken(one_race: FeedFolder) -> FeedFolder:
    """A mirror whose only weekend lacks a field, after the home got a whole one: exit 4, and nothing to publish."""
    payload = weekend()
    del payload["weekend_race"][0]["track_name"]
    one_race.put_weekend(payload)
    return one_race


# --- metrics


def test_the_metrics_say_how_the_last_run_went(home: Path) -> None:
    found = collected(report(FULL), home)
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
    found = collected(report(FULL, SourceUnavailable("down")), home)
    assert (3, 0) == (found["nascar_last_run_exit_code"], found["nascar_last_run_published"])


def test_the_metrics_follow_the_conventions(nascar: Nascar, one_race: FeedFolder, tmp_path: Path) -> None:
    nascar("ingest", "--mirror", one_race, "--metrics", tmp_path / "nascar.prom")
    text = (tmp_path / "nascar.prom").read_text()
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert ["gauge"] * len(names) == [family.type for family in families]
    assert ["."] * len(names) == [family.documentation[-1] for family in families]
    assert sorted(set(names)) == sorted(names)
    assert {(), ("source",)} == {tuple(sample.labels) for family in families for sample in family.samples}
    assert text.endswith("\n")
    # Only a counter ends in _total, and all of these go up and down.
    assert [] == [name for name in names if not name.startswith("nascar_") or name.endswith("_total")]
    assert {"timestamp_seconds", "duration_seconds"} == {
        "_".join(name.split("_")[-2:]) for name in names if "seconds" in name
    }


def test_the_metrics_say_when_each_source_was_asked_and_had_something_new(
    nascar: Nascar, one_race: FeedFolder, tmp_path: Path
) -> None:
    nascar("ingest", "--mirror", one_race, "--metrics", tmp_path / "nascar.prom")
    found = samples(tmp_path / "nascar.prom")
    checked = found["nascar_source_last_check_timestamp_seconds nascar_feed"]
    newest = found["nascar_source_newest_document_timestamp_seconds nascar_feed"]
    ended = found["nascar_last_run_timestamp_seconds"]
    assert [newest, checked, ended] == sorted([newest, checked, ended])
    assert newest < checked


def test_the_last_success_outlasts_a_failure(nascar: Nascar, broken: FeedFolder, tmp_path: Path) -> None:
    file = tmp_path / "nascar.prom"
    nascar("build", "--metrics", file)
    first = samples(file)
    nascar("ingest", "--mirror", broken, "--metrics", file)
    second = samples(file)
    name = "nascar_last_success_timestamp_seconds"
    # The journal notes the end of a run a little before the command reports it.
    assert 4 == second["nascar_last_run_exit_code"]
    assert first[name] - 5 < second[name] <= first[name]


def test_before_any_success_the_last_one_is_zero(home: Path) -> None:
    assert 0 == collected(report(error=CheckFailed("no")), home)["nascar_last_success_timestamp_seconds"]


def test_open_problems_are_counted(nascar: Nascar, broken: FeedFolder, tmp_path: Path) -> None:
    nascar("ingest", "--mirror", broken, "--metrics", tmp_path / "nascar.prom")
    assert 1 == samples(tmp_path / "nascar.prom")["nascar_open_problems"]


@pytest.mark.usefixtures("built")
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
    left = nascar(*arguments, "--metrics", tmp_path / "nascar.prom")
    assert (code, code) == (left.code, samples(tmp_path / "nascar.prom")["nascar_last_run_exit_code"])


def test_the_metrics_are_written_when_the_warehouse_is_busy(nascar: Nascar, home: Path, tmp_path: Path) -> None:
    with Home(home).lock("build"):
        left = nascar("build", "--metrics", tmp_path / "nascar.prom")
    assert (7, 7) == (left.code, samples(tmp_path / "nascar.prom")["nascar_last_run_exit_code"])


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


@pytest.mark.usefixtures("built")
def test_metrics_that_cannot_be_written_are_a_warning_and_change_nothing(
    nascar: Nascar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("prometheus_client.exposition.os.rename", refuse)
    left = nascar("build", "--metrics", tmp_path / "nascar.prom")
    assert 0 == left.code
    assert "warning: the metrics were not written: cannot use " in left.err
    assert [] == list(tmp_path.glob("*.prom*"))


# --- the hook

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


# --- the log


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
    # Ten problems with their advice, how many more, the counts.
    assert (22, "and 30 more like these") == (len(lines), lines[-2])


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
