"""Record a run in the run log, however it ends."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from nascar_warehouse.etl.outcome import NOT_KEPT
from nascar_warehouse.etl.storage.run_log import Run
from nascar_warehouse.warehouse.errors import MachineFailure, is_interruption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from nascar_warehouse.etl.outcome import RunResult
    from nascar_warehouse.etl.storage.run_log import RunLog


@contextmanager
def recorded(
    run_log: RunLog, command: str, result: RunResult, now: Callable[[], datetime]
) -> Iterator[Callable[[], Run]]:
    """Record the run inside when it ends; gives a function that returns the run as it is so far."""
    started_at = now()

    def current() -> Run:
        return _make_run(command, started_at, now(), result)

    try:
        yield current
    except BaseException as error:
        _note_findings(error, result)
        exit_code = 130 if is_interruption(error) else getattr(error, "exit_code", 1)
        messages = "\n".join([str(error), *getattr(error, "__notes__", ())])
        failed = replace(current(), exit_code=exit_code, is_published=False, warnings=messages)
        with suppress(MachineFailure):  # A full disk has no room for this either, and the error is raised anyway.
            run_log.record(failed)
        raise
    run_log.record(current())
    run_log.mark_shown(result.reported)
    still = {problem.notice for problem in (*result.problems, *result.known_problems)}
    run_log.forget(tuple(f"{NOT_KEPT}{source_id} " for source_id in result.sources_asked), but=still)


def _note_findings(error: BaseException, result: RunResult) -> None:
    """Add to an error what was found before it, but for what it says itself."""
    for text in (*result.warnings, *map(str, result.problems)):
        if text not in str(error):
            error.add_note(text)


def _make_run(command: str, started_at: datetime, finished_at: datetime, result: RunResult) -> Run:
    return Run(
        command=command,
        started_at=started_at,
        finished_at=finished_at,
        exit_code=result.exit_code,
        documents_checked=result.documents_checked,
        documents_new=result.documents_new,
        documents_absent=result.documents_absent,
        documents_quarantined=result.documents_quarantined,
        rows_loaded=result.rows_loaded,
        is_published=result.is_published,
        warnings="\n".join([*result.warnings, *map(str, result.problems)]),
    )
