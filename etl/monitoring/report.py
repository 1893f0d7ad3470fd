"""What the world outside hears of a run, however it ended: the log, the metrics, the hook.

`reported` surrounds a run. It says on the error stream what there is to say, in words for a person or in lines of JSON
for a journal, writes the metrics, calls the hook where a person has to look, and leaves with the run's exit code. What
goes wrong in telling is told too, and never changes the exit code.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.monitoring.hook import CALLED_ON, call_hook, read_hook
from nascar_warehouse.etl.monitoring.log import RunReported, choose_form, run_lines, warning_line
from nascar_warehouse.etl.monitoring.metrics import require_place, write_metrics
from nascar_warehouse.etl.outcome import RunResult
from nascar_warehouse.warehouse.errors import Interrupted, NascarError, is_interruption

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nascar_warehouse.etl.monitoring.log import Form
    from nascar_warehouse.warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run that is over; `error` is what ended it before its time, moments are UTC."""

    command: str
    started_at: datetime
    finished_at: datetime
    outcome: RunResult
    error: BaseException | None = None

    @property
    def exit_code(self) -> int:
        """What a scheduler sees."""
        if self.error is None:
            return self.outcome.exit_code
        if is_interruption(self.error):
            return Interrupted.exit_code
        return self.error.exit_code if isinstance(self.error, NascarError) else NascarError.exit_code

    @property
    def is_published(self) -> bool:
        """Whether the run put a new warehouse in place."""
        return self.outcome.is_published and self.error is None

    def counts(self) -> dict[str, int | float | bool | str]:
        """The account of the run, under the names of `ops.loads`."""
        return {
            "command": self.command,
            "started_at": self.started_at.isoformat(),
            "duration_seconds": round((self.finished_at - self.started_at).total_seconds(), 3),
            "exit_code": self.exit_code,
            "documents_checked": self.outcome.documents_checked,
            "documents_new": self.outcome.documents_new,
            "documents_absent": self.outcome.documents_absent,
            "documents_quarantined": self.outcome.documents_quarantined,
            "rows_loaded": self.outcome.rows_loaded,
            "is_published": self.is_published,
        }

    def as_dict(self) -> dict[str, object]:
        """Everything about the run, as the hook gets it."""
        return {
            **self.counts(),
            "error": str(self.error) if isinstance(self.error, NascarError) else None,
            "warnings": list(self.outcome.warnings),
            "problems": [problem.as_dict() for problem in self.outcome.problems],
        }


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a run is told: the home that the metrics are also about, the log's form, the metrics' file, the hook."""

    home: Path
    log: Form
    metrics: Path | None
    hook: list[str]


def choose_report_options(settings: Settings, metrics: Path | None, hook: str | None) -> ReportOptions:
    """What the arguments say, else the settings; what cannot be done raises `UsageError` before anything is run."""
    if metrics is not None:
        require_place(metrics)
    return ReportOptions(
        settings.home,
        choose_form(settings.log),
        None if metrics is None else metrics.absolute(),
        read_hook(settings.hook if hook is None else hook),
    )


@contextmanager
def report_run(command: str, ways: ReportOptions) -> Iterator[RunResult]:
    """Run inside what fills the outcome; leaves with `RunReported`, or with the error that is a bug."""
    started_at, outcome = datetime.now(UTC), RunResult()
    try:
        yield outcome
    except BaseException as error:
        report = RunReport(command, started_at, datetime.now(UTC), outcome, error)
        _tell(report, ways)
        if isinstance(error, NascarError) or is_interruption(error):
            raise RunReported(report.exit_code) from error
        raise
    report = RunReport(command, started_at, datetime.now(UTC), outcome)
    _tell(report, ways)
    raise RunReported(report.exit_code)


def _tell(report: RunReport, ways: ReportOptions) -> None:
    _print(*run_lines(report, ways.log))
    if ways.metrics and (failure := write_metrics(ways.metrics, report, ways.home)):
        _print(warning_line(failure, ways.log))
    if ways.hook and report.exit_code in CALLED_ON:
        outcome = {**report.as_dict(), "home": str(ways.home)}
        if failure := call_hook(ways.hook, report.exit_code, outcome):
            _print(warning_line(failure, ways.log))


def _print(*lines: str) -> None:
    for line in lines if sys.stderr else ():  # Without one, `print` would take the standard output.
        print(line, file=sys.stderr, flush=True)  # noqa: T201  # the voice of a run on the error stream
