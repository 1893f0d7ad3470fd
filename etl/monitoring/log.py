"""The words of the command on the error stream: text for a person, or a line of JSON for each thing in a journal.

Nothing heavy is imported here; every command says its errors with it.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from nascar_warehouse.warehouse.errors import NascarError, is_interruption

if TYPE_CHECKING:
    from nascar_warehouse.etl.monitoring.report import RunReport

Form = Literal["text", "json"]

INTERRUPTED = "interrupted: what was fetched is kept, the published warehouse is as it was"

_TOLD = 10
"""So many warnings or problems of one run are said in text; when a host is down there are hundreds."""

_PASSING = {3, 7, 130}
"""Exit codes that time, or the next run, puts right."""


class RunReported(SystemExit):
    """The run is over, and everything about it was said."""


def choose_form(asked: str | None) -> Form:
    """The form that is set; without one, text on a terminal and JSON elsewhere, where a program reads first."""
    if asked:
        return "json" if asked == "json" else "text"
    return "text" if sys.stderr and sys.stderr.isatty() else "json"


def run_lines(report: RunReport, form: Form) -> list[str]:
    """Everything about a run that is over."""
    return _json_lines(report) if form == "json" else _text_lines(report)


def warning_line(text: str, form: Form) -> str:
    """One more thing that a person should know."""
    return _json_line("warning", "warning", message=text) if form == "json" else f"warning: {text}"


def error_lines(error: NascarError) -> list[str]:
    """What ended a command, as text, with what was met before it."""
    return [*(f"also: {note}" for note in getattr(error, "__notes__", ())[:_TOLD]), f"error: {error}"]


def _text_lines(report: RunReport) -> list[str]:
    if isinstance(report.error, NascarError):
        return error_lines(report.error)
    if report.error is not None:
        return [INTERRUPTED] if is_interruption(report.error) else []
    told = report.outcome.messages()
    more = [f"and {len(told) - _TOLD} more like these"] if len(told) > _TOLD else []
    return [*told[:_TOLD], *more, str(report.outcome)]


def _json_lines(report: RunReport) -> list[str]:
    run = {"command": report.command, "started_at": report.started_at.isoformat()}
    lines = [_json_line("warning", "warning", **run, message=warning) for warning in report.outcome.warnings]
    lines += [
        _json_line(
            "error" if problem.is_quarantined else "warning",
            "problem",
            **run,
            document=problem.document,
            message=problem.problem,
            advice=problem.advice,
            exit_code=problem.exit_code,
        )
        for problem in report.outcome.problems
    ]
    level = _level(report.exit_code)
    if report.error is not None and not is_interruption(report.error):
        message, advice = getattr(report.error, "problem", repr(report.error)), getattr(report.error, "advice", "")
        lines.append(_json_line(level, "error", **run, message=message, advice=advice, exit_code=report.exit_code))
    return [*lines, _json_line(level, "run", **report.counts())]


def _level(exit_code: int) -> str:
    if exit_code == 0:
        return "info"
    return "warning" if exit_code in _PASSING else "error"


def _json_line(level: str, event: str, **values: object) -> str:
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "event": event, **values}
    return json.dumps(line, ensure_ascii=False)
