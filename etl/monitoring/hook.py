"""A command of the person's own that is called when a run ended so that somebody has to look."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CALLED_ON = frozenset({4, 5, 6})
"""Exit codes that wait for a person: a source changed, a load is suspicious or a check failed, a file is invalid."""

LIMIT_SECONDS = 60.0
"""A hook sends a message; one that takes longer hangs, and the next run must not wait for it."""


def read_hook(text: str | None) -> list[str]:
    """A command line split as a shell would, though none runs it; a blank one is [], half a one `UsageError`."""
    try:
        return shlex.split(text or "")
    except ValueError as error:
        raise UsageError(f"the hook {text!r} is no command line: {error}", "close the quotes in it") from error


def call_hook(
    command: Sequence[str], exit_code: int, outcome: Mapping[str, object], *, limit_seconds: float = LIMIT_SECONDS
) -> str:
    """Call the hook with the outcome as JSON on its standard input; returns what went wrong, "" if nothing.

    It finds the exit code in NASCAR_EXIT_CODE. What it prints goes to the error stream: the standard output is data.
    """
    said = json.dumps(outcome, ensure_ascii=False, default=str).encode()
    try:
        process = subprocess.Popen(  # noqa: S603  # the person's own command, and no shell
            list(command),
            stdin=subprocess.PIPE,
            # Where the error stream is closed, its number may be that of any file.
            stdout=2 if sys.stderr else subprocess.DEVNULL,
            env=os.environ | {"NASCAR_EXIT_CODE": str(exit_code)},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return f"the hook {command[0]} did not start: {error}"
    try:
        process.communicate(said, timeout=limit_seconds)
    except subprocess.TimeoutExpired:
        _stop(process)
        return f"the hook {command[0]} took more than {limit_seconds:g} seconds and was stopped"
    except BaseException:  # Somebody interrupts, and means the hook too, which does not hear of it by itself.
        _stop(process)
        raise
    return f"the hook {command[0]} ended with status {process.returncode}" if process.returncode else ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a hook and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
