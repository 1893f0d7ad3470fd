"""Every error that people see, and the exit code that a scheduler sees.

The codes are a contract; README.md has the table.

    NascarError                 1   a bug, when raised as itself
    ├── UsageError              2   wrong usage or setting
    ├── SourceUnavailable       3   a source does not answer, try later
    ├── SourceChanged           4   a source sends something that it never sent before, someone has to look
    ├── SuspiciousLoad          5   a new version is worse than the one before: it is set aside
    │   └── CheckFailed         5   the checks fail whatever is set aside: nothing is published
    ├── InvalidSql              6   a file in sql/ breaks a rule or does not run
    ├── WarehouseBusy           7   another process is writing, try later
    ├── MachineFailure          8   disk full, no permission, damaged landing
    └── Interrupted           130   Ctrl-C

Foreign exceptions become one of these once, where the document or the path is known.
"""

from __future__ import annotations

ADVICE = "\n  next: "
"""Stands between a problem and what to do."""


class NascarError(Exception):
    """An error with a message for people and an exit code for a scheduler.

    `problem` says what went wrong and where; `advice` says what to do next.
    """

    exit_code = 1

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice

    def __str__(self) -> str:
        return self.problem + (ADVICE + self.advice if self.advice else "")


class UsageError(NascarError):
    """The command line, the environment or a statement asks for something that cannot be."""

    exit_code = 2


class SourceUnavailable(NascarError):
    """A source did not give a document that it should have: timeouts, 5xx, throttling, refused connections."""

    exit_code = 3


class SourceChanged(NascarError):
    """A document arrived whole and does not mean what its kind meant until now."""

    exit_code = 4


class SuspiciousLoad(NascarError):
    """A version of a document lost races or results, or has no rows: it is set aside until it is accepted."""

    exit_code = 5


class CheckFailed(SuspiciousLoad):
    """The checks of severity fail have rows whatever is set aside; nothing was published."""


class InvalidSql(NascarError):
    """A file in sql/ breaks a rule of the project, or the engine refuses it."""

    exit_code = 6


class WarehouseBusy(NascarError):
    """Another process holds the lock of this home."""

    exit_code = 7


class MachineFailure(NascarError):
    """This machine cannot: the disk is full, a permission is missing, kept bytes are damaged."""

    exit_code = 8


class Interrupted(NascarError):
    """The user or the system asked the command to stop."""

    exit_code = 130


def is_interruption(error: BaseException) -> bool:
    """Whether the user asked to stop; DuckDB says it in its own words when it was at work."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and "Query interrupted" in str(error)
    )
