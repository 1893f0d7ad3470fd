"""Report a run, however it ends: the log, the metrics file, the hook, the exit code.

`report_run` surrounds a run. It logs to the error stream, writes the metrics, calls the hook when someone must look,
and leaves with the run's exit code. A report that fails is logged too, and never changes the exit code.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.monitoring.log import RunReported, choose_form, log_report, log_warning, run_log
from nascar_warehouse.etl.outcome import RunReport, RunResult
from nascar_warehouse.warehouse.errors import NascarError, UsageError, is_interruption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nascar_warehouse.etl.monitoring.log import Form
    from nascar_warehouse.warehouse.settings import Settings

CALLED_ON = frozenset({4, 5, 6})
"""Exit codes after which someone must look: a source changed, a check failed or set something aside, invalid SQL."""

HOOK_LIMIT_SECONDS = 60.0
"""A hook sends a message; one that takes longer hangs, and the next run must not wait for it."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a run is reported: its home, the form of the log, the metrics file, the hook as a command and arguments."""

    home: Path
    log: Form
    metrics: Path | None
    hook: Sequence[str] = ()


def choose_report_options(settings: Settings, metrics: Path | None, hook: str | None) -> ReportOptions:
    """Take the options given, else the settings; raises `UsageError` before the run for what cannot work."""
    if metrics is not None and (metrics.is_dir() or not metrics.parent.is_dir()):
        raise UsageError(f"cannot write metrics to {metrics}: no such folder", "name a file in a folder that exists")
    command = settings.hook if hook is None else hook
    try:
        words = shlex.split(command or "")
    except ValueError as error:
        raise UsageError(f"invalid hook {command!r}: {error}", "close the quotes in the command line") from error
    return ReportOptions(
        settings.home, choose_form(settings.log), None if metrics is None else metrics.absolute(), words
    )


@contextmanager
def report_run(command: str, options: ReportOptions) -> Iterator[RunResult]:
    """Run inside what fills the result; leaves with `RunReported`, or with the exception that is a bug."""
    started_at, result = datetime.now(UTC), RunResult()
    with run_log(options.log, command, started_at):
        import structlog

        structlog.get_logger().info("started", message=f"{command} started")
        try:
            yield result
        except BaseException as error:
            report = RunReport(command, started_at, datetime.now(UTC), result, error)
            _publish(report, options)
            if isinstance(error, NascarError) or is_interruption(error):
                raise RunReported(report.exit_code) from error
            raise
        report = RunReport(command, started_at, datetime.now(UTC), result)
        _publish(report, options)
    raise RunReported(report.exit_code)


def _publish(report: RunReport, options: ReportOptions) -> None:
    log_report(report, options.log)
    if options.metrics:
        from nascar_warehouse.etl.monitoring.metrics import write_metrics

        if failure := write_metrics(options.metrics, report, options.home):
            log_warning(failure, options.log)
    if options.hook and report.exit_code in CALLED_ON and (failure := call_hook(options.hook, report, options.home)):
        log_warning(failure, options.log)


def call_hook(hook: Sequence[str], report: RunReport, home: Path, *, limit_seconds: float = HOOK_LIMIT_SECONDS) -> str:
    """Run the hook with the report as JSON on its standard input; returns what went wrong, "" if nothing.

    No shell reads the command. What it prints goes to the error stream, because the standard output is data.
    """
    try:
        done = subprocess.run(  # noqa: S603  # the user's own command, without a shell
            hook,
            input=json.dumps({**report.as_dict(), "home": str(home)}, ensure_ascii=False, default=str).encode(),
            stdout=2 if sys.stderr else subprocess.DEVNULL,  # Number 2 may be any file when the stream is closed.
            env=os.environ | {"NASCAR_EXIT_CODE": str(report.exit_code)},
            timeout=limit_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the hook {hook[0]} was stopped after {limit_seconds:g} seconds"
    except (OSError, ValueError) as error:
        return f"the hook {hook[0]} did not start: {error}"
    return f"the hook {hook[0]} failed with status {done.returncode}" if done.returncode else ""
