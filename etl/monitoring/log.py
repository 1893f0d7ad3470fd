"""The log of a run on the error stream: text for people, one JSON object a line for programs.

`run_log` is the only place that configures structlog. Inside it any module may call `structlog.get_logger()` and log an
event with its values; `message` is what the text form prints. Outside of a run nothing is logged.

Every command prints its errors with this module, so it imports nothing heavy before a run begins.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal

from nascar_warehouse.warehouse.errors import ADVICE, NascarError, is_interruption

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping, Sequence

    from nascar_warehouse.etl.outcome import DocumentProblem, RunReport

Form = Literal["text", "json"]

INTERRUPTED = "interrupted: what was fetched is kept, the published warehouse is unchanged"

_SHOWN = 10
"""The text form prints so many warnings or problems of one run: when a host is down there are hundreds."""

_TEMPORARY = {3, 7, 130}
"""Exit codes after which the next run usually succeeds."""


_NOT_IN_TEXT = {"step_finished"}
"""The next step says that one has ended."""

_IN_EVERY_LINE = {"event", "level", "command", "started_at"}

_CONTROLS = {number: " " for number in (*range(32), *range(127, 160)) if chr(number) not in "\n\t"}
"""What a terminal takes for a command, in a statement or a name that a message repeats."""


class RunReported(SystemExit):
    """The run has ended and its report is printed."""


def choose_form(setting: str | None) -> Form:
    """The form that is set; by default text on a terminal and JSON elsewhere, where a program reads it first."""
    if setting:
        return "json" if setting == "json" else "text"
    return "text" if sys.stderr and sys.stderr.isatty() else "json"


def print_lines(*lines: str) -> None:
    """Print to the error stream. A stream that is closed, or a disk that is full, never stops a run."""
    for line in lines if sys.stderr else ():  # Without one, `print` would use the standard output.
        with suppress(OSError):
            print(line.translate(_CONTROLS), file=sys.stderr, flush=True)  # noqa: T201  # the error stream is the log


def error_lines(error: NascarError) -> list[str]:
    """The error that ended a command, as text, after what was found before it."""
    return [*(f"also: {note}" for note in getattr(error, "__notes__", ())[:_SHOWN]), f"error: {error}"]


@contextmanager
def run_log(form: Form | None, command: str, started_at: datetime) -> Iterator[None]:
    """Log to the error stream what happens inside, each line with the command and its start; None logs nothing."""
    import structlog

    renderer = _Silent() if form is None else _JsonLines() if form == "json" else _TextLines()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, renderer],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=lambda *_: _ErrorStream(),
        cache_logger_on_first_use=False,
    )
    try:
        with structlog.contextvars.bound_contextvars(command=command, started_at=started_at.isoformat()):
            yield
    finally:
        structlog.reset_defaults()


@contextmanager
def silent_unless_logged() -> Iterator[None]:
    """Log nothing where no run is reported: structlog's own default prints to the standard output, which is data."""
    import structlog

    if structlog.is_configured():
        yield
    else:
        with run_log(None, "", datetime.now(UTC)):
            yield


def log_report(report: RunReport, form: Form) -> None:
    """Log what is known at the end of a run: what was not logged before, what ended it, and its counts."""
    if form == "text":
        print_lines(*_text_lines(report))
        return
    import structlog

    log = structlog.get_logger()
    for warning in report.result.warnings:
        log.warning("warning", message=warning)
    for problem in report.result.problems:
        log_problem(problem)
    level = _level(report.exit_code)
    if report.error is not None and not is_interruption(report.error):
        message, advice = getattr(report.error, "problem", repr(report.error)), getattr(report.error, "advice", "")
        getattr(log, level)("error", message=message, advice=advice, exit_code=report.exit_code)
    getattr(log, level)("run", **report.counts())


def log_problem(problem: DocumentProblem) -> None:
    """Log what is wrong with a document; the same is logged once in a run."""
    import structlog

    log = structlog.get_logger()
    (log.error if problem.is_quarantined else log.warning)(
        "problem",
        document=problem.document,
        message=problem.problem,
        advice=problem.advice,
        exit_code=problem.exit_code,
    )


def log_warning(text: str, form: Form) -> None:
    """Log one more thing to know after the report."""
    if form == "text":
        print_lines(f"warning: {text}")
        return
    import structlog

    structlog.get_logger().warning("warning", message=text)


def _text_lines(report: RunReport) -> list[str]:
    if isinstance(report.error, NascarError):
        return error_lines(report.error)
    if report.error is not None:
        return [INTERRUPTED] if is_interruption(report.error) else []
    messages = report.result.messages()
    more = [f"and {len(messages) - _SHOWN} more like these"] if len(messages) > _SHOWN else []
    return [*_with_each_advice_once(messages[:_SHOWN]), *more, str(report.result)]


def _with_each_advice_once(messages: Sequence[str]) -> Iterator[str]:
    """Messages that share an advice with the next one without it: it stands after the last of them."""
    for message, following in zip_longest(messages, messages[1:], fillvalue=""):
        what, _, advice = message.partition(ADVICE)
        yield what if advice and following.endswith(ADVICE + advice) else message


def _level(exit_code: int) -> str:
    if exit_code == 0:
        return "info"
    return "warning" if exit_code in _TEMPORARY else "error"


class _ErrorStream:
    """What structlog writes to: the error stream of the moment, which a progress bar replaces while it is shown."""

    def msg(self, line: str) -> None:
        print_lines(line)

    info = warning = error = critical = msg


class _Silent:
    """Logs nothing."""

    def __call__(self, _logger: object, _method: str, _event: MutableMapping[str, Any]) -> str:
        import structlog

        raise structlog.DropEvent


class _JsonLines:
    """Each event as a line of JSON. A problem that was logged when it was found is not repeated at the end."""

    def __init__(self) -> None:
        self._logged: set[tuple[object, ...]] = set()

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
        import structlog

        name, level = event.pop("event"), event.pop("level")
        if name in {"problem", "warning"}:
            known = (name, event.get("document"), event.get("message"))
            if known in self._logged:
                raise structlog.DropEvent
            self._logged.add(known)
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        return json.dumps({"time": time, "level": level, "event": name, **event}, ensure_ascii=False, default=str)


class _TextLines:
    """Each event as its time of day and its message; the first problems only, since the report lists them again."""

    def __init__(self) -> None:
        self._problems = 0

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
        import structlog

        name = event["event"]
        self._problems += name == "problem"
        if name in _NOT_IN_TEXT or (name == "problem" and self._problems > _SHOWN):
            raise structlog.DropEvent
        values = (f"{key}={value}" for key, value in event.items() if key not in _IN_EVERY_LINE)
        message = event.get("message") or " ".join([name, *values])
        about = "".join(f"{event[key]}: " for key in ("document", "url") if key in event)
        level = "" if event["level"] == "info" else "problem: " if name == "problem" else f"{event['level']}: "
        return f"{datetime.now().astimezone():%H:%M:%S} {level}{about}{message}"
