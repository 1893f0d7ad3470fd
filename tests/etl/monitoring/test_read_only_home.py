"""A home in which one may not write can be read, and reading leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.commands import COMMAND


@contextmanager
def read_only(home: Path) -> Iterator[None]:
    """The home and what is in it are read-only."""
    paths = [home, *home.rglob("*")]
    modes = [path.stat().st_mode for path in paths]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


def ask_without_rights(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user for whom permissions count; the superuser has to give up the right to pass them."""
    command = [*COMMAND, *arguments]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("the superuser may write everywhere, and there is no setpriv to give that up")
        command = [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603


def contents(home: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in home.rglob("*")}


READING = [
    ("status",),
    ("snapshots",),
    ("ingest", "--dry-run"),
    ("closest",),
    ("query", "SELECT 1"),
    ("describe",),
    ("check",),
    ("home",),
]


@pytest.mark.usefixtures("one")
def test_who_cannot_write_cannot_build(home: Path) -> None:
    with read_only(home):
        assert 8 == ask_without_rights("build").returncode


@pytest.mark.slow
@pytest.mark.parametrize("arguments", READING)
@pytest.mark.usefixtures("one")
def test_who_cannot_write_can_read(home: Path, arguments: tuple[str, ...]) -> None:
    before = contents(home)
    with read_only(home):
        done = ask_without_rights(*arguments)
    assert (0, before) == (done.returncode, contents(home)), done.stderr


@pytest.mark.parametrize("arguments", READING)
@pytest.mark.usefixtures("one")
def test_who_reads_leaves_nothing_behind(nascar: Nascar, home: Path, arguments: tuple[str, ...]) -> None:
    before = contents(home)
    assert (0, before) == (nascar(*arguments).code, contents(home))


@pytest.mark.usefixtures("one")
def test_who_cannot_write_reads_what_is_written_while_another_process_writes(home: Path) -> None:
    with closing(sqlite3.connect(home / "journal.sqlite", isolation_level=None)) as writer:
        writer.execute("UPDATE runs SET command = 'committed'")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE runs SET command = 'not committed'")
        with read_only(home):
            done = ask_without_rights("status", "--format", "json")
    assert 0 == done.returncode, done.stderr
    assert ["1 committed"] == [row["name"] for row in json.loads(done.stdout) if row["what"] == "run"]


@pytest.mark.usefixtures("one")
def test_a_home_that_cannot_be_entered_is_a_failure_of_the_machine(home: Path) -> None:
    home.chmod(0o000)
    try:
        done = ask_without_rights("status")
    finally:
        home.chmod(0o755)
    assert (8, "") == (done.returncode, done.stdout)
    assert str(home) in done.stderr
