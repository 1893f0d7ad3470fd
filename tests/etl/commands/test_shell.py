"""`nascar shell` opens the published file, read-only, in a program that is installed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.commands import COMMAND


def install(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text('#!/bin/sh\necho "$(basename "$0") $*"\n')
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("installed", "options", "printed"),
    [
        (["duckdb"], [], "duckdb -readonly "),
        (["duckdb", "harlequin"], [], "harlequin --adapter duckdb --read-only "),
        (["duckdb", "harlequin"], ["--with", "duckdb"], "duckdb -readonly "),
    ],
)
def test_an_installed_program_opens_the_file_read_only(
    home_of_almanac: Path, tmp_path: Path, installed: list[str], options: list[str], printed: str
) -> None:
    for name in installed:
        install(tmp_path / "bin", name)
    environment = os.environ | {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "NASCAR_HOME": str(home_of_almanac)}
    done = subprocess.run(  # noqa: S603  # our interpreter
        [*COMMAND, "shell", *options], env=environment, capture_output=True, text=True, check=False
    )
    assert (0, f"{printed}{home_of_almanac / 'nascar.duckdb'}\n") == (done.returncode, done.stdout), done.stderr


@pytest.mark.usefixtures("almanac")
def test_without_a_program_the_way_to_one_is_said(
    nascar: Nascar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    left = nascar("shell")
    assert 2 == left.code
    assert "neither harlequin nor duckdb is installed" in left.err
    assert "`pip install harlequin`" in left.err


def test_without_a_warehouse_nothing_is_opened(nascar: Nascar) -> None:
    left = nascar("shell")
    assert 2 == left.code
    assert "there is no warehouse" in left.err


def test_completion_names_the_commands() -> None:
    environment = os.environ | {"_NASCAR_COMPLETE": "complete_bash", "COMP_WORDS": "nascar clos", "COMP_CWORD": "1"}
    done = subprocess.run(  # noqa: S603  # our interpreter
        [*COMMAND], env=environment, capture_output=True, text=True, check=False
    )
    assert "closest" == done.stdout.strip()
