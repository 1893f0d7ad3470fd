"""Progress of long work, on the terminal of the person who waits for it; silent when nobody watches."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nascar_warehouse.etl.outcome import NoProgress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from nascar_warehouse.etl.outcome import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on the error stream if that is a terminal, silence if not."""
    if sys.stderr is None or not sys.stderr.isatty():  # None: it is closed
        yield NoProgress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Shown(bar)


class _Shown:
    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def begin(self, what: str, total: int | None = None) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(what, total=total)

    def advance(self, parts: int = 1) -> None:
        if self._task is not None:
            self._bar.advance(self._task, parts)
