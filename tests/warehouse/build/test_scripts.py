"""What one process reads in `sql/`, another one takes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nascar_warehouse.warehouse.build import scripts
from nascar_warehouse.warehouse.build.scripts import encode_scripts, read_scripts, take_scripts


@pytest.fixture(autouse=True)
def _scripts_are_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "_SCRIPTS", [read_scripts()])


def test_what_was_read_is_the_same_after_it_was_kept() -> None:
    known = read_scripts()
    take_scripts(encode_scripts())
    assert known == read_scripts()
    assert known is not read_scripts()


@pytest.mark.parametrize("text", [b"", b"{}", b'[{"schema": "core"}]', b"\xff"])
def test_what_cannot_be_taken_is_read(text: bytes) -> None:
    known = read_scripts()
    take_scripts(text)
    assert known is read_scripts()


def test_what_was_kept_needs_no_parser() -> None:
    program = (
        "import sys; from nascar_warehouse.warehouse.build import incremental, scripts;"
        " scripts.take_scripts(sys.stdin.buffer.read()); print(len(scripts.read_scripts()), 'sqlglot' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", program], input=encode_scripts(), capture_output=True, check=True
    )
    assert f"{len(read_scripts())} False" == done.stdout.decode().strip()
