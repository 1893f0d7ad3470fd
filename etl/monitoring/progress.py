"""Progress of a run: a bar on a terminal, and lines in the log as the work goes on."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from time import monotonic
from typing import TYPE_CHECKING

from nascar_warehouse.etl.monitoring.log import choose_form, log_problem, silent_unless_logged
from nascar_warehouse.warehouse.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from nascar_warehouse.etl.outcome import DocumentProblem, Progress

LOGGED_EVERY = 100
"""A step of many parts is logged after so many of them; at the rate of a publisher that is half a minute."""

LOGGED_SECONDS = 30.0
"""... and after so many seconds, where a host answers slowly."""


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Log each step if the run has a log, and show a bar on the error stream if that is a terminal that gets text."""
    with silent_unless_logged(), _bar() as bar:
        steps = Steps(bar)
        yield steps
        steps.end()


def _bar() -> AbstractContextManager[Bar | None]:
    if sys.stderr is None or not sys.stderr.isatty() or choose_form(read_settings().log) == "json":
        return nullcontext()
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Bar(*columns, console=Console(stderr=True), transient=True)


class Steps:
    """The steps of a run, one after the other; a `Progress`."""

    def __init__(self, bar: Bar | None) -> None:
        import structlog

        self._log = structlog.get_logger()
        self._bar = bar
        self._task: TaskID | None = None
        self._step = ""
        self._total: int | None = None
        self._done = 0
        self._began = self._logged = 0.0

    def begin(self, what: str, total: int | None = None) -> None:
        """End the step before, and begin one of `total` parts where that is known."""
        self.end()
        self._step, self._total, self._done = what, total, 0
        self._began = self._logged = monotonic()
        if self._bar is not None and total != 0:
            self._task = self._bar.add_task(what, total=total)
        if total != 0:
            message = what if total is None else f"{what} ({total})"
            self._log.info("step_started", step=what, total=total, message=message)

    def advance(self, parts: int = 1) -> None:
        """Count parts of the step as done."""
        before, self._done = self._done, self._done + parts
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, parts)
        is_due = before // LOGGED_EVERY < self._done // LOGGED_EVERY or monotonic() - self._logged >= LOGGED_SECONDS
        # A bar shows it already.
        if is_due and self._done != self._total and self._bar is None:
            self._logged = monotonic()
            message = f"{self._step}: {self._done} of {self._total}"
            self._log.info("step_progress", step=self._step, done=self._done, total=self._total, message=message)

    def log(self, event: str, message: str, **values: object) -> None:
        """Log what happened."""
        self._log.info(event, message=message, **values)

    def log_problem(self, problem: DocumentProblem) -> None:
        """Log a problem when it is found."""
        log_problem(problem)

    def end(self) -> None:
        """End the step, if one goes on."""
        if not self._step:
            return
        if self._bar is not None and self._task is not None:
            self._bar.remove_task(self._task)
        if self._total != 0:
            seconds = round(monotonic() - self._began, 3)
            self._log.info("step_finished", step=self._step, done=self._done, duration_seconds=seconds)
        self._step, self._task = "", None
