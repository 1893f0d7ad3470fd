"""The command `nascar` for fixtures and tests: in this process on any home, or in a process of its own."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from nascar_warehouse.etl import cli

COMMAND = (sys.executable, "-c", "from nascar_warehouse.etl.cli import main; main()")
"""What starts the command in a process of its own."""


@dataclass(frozen=True)
class Left:
    """How a command left: exit code, what it printed as data, and its messages."""

    code: int
    out: str
    err: str


def run_on(home: Path, *arguments: object) -> Left:
    """Run the command in this process on a home, also outside a test."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return Left(int(leaving.value.code or 0), out.getvalue(), err.getvalue())
