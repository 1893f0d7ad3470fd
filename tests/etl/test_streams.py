"""The standard streams are closed, full or of another encoding: no command ends in an error of the program."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nascar_warehouse.etl import streams
from nascar_warehouse.warehouse.errors import MachineFailure, UsageError
from nascar_warehouse.warehouse.read.output import show
from nascar_warehouse.warehouse.rows import Rows

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
NASCAR = "from nascar_warehouse.etl.cli import run; run()"
SUAREZ = Rows(["winner"], [["Daniel Su\u00e1rez \U0001f3c1"]])


def run_in_shell(command: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a shell command in which $NASCAR is the program."""
    return subprocess.run(  # noqa: S603  # the shell of the system, with the interpreter that runs this test
        ["/bin/sh", "-c", command.replace("$NASCAR", f"'{sys.executable}' -c '{NASCAR}'")],
        env=os.environ | {"NASCAR_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


class Output(io.TextIOWrapper):
    """A standard output with an encoding, as `prepare_streams` leaves it."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors="strict")

    def content(self) -> bytes:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


@needs_full
def test_an_output_that_is_full_is_a_failure_of_the_machine(home: Path) -> None:
    ended = run_in_shell("$NASCAR ask > /dev/full", home)
    assert 8 == ended.returncode
    assert "error: the output cannot be written: No space left on device\n" in ended.stderr
    assert "Traceback" not in ended.stderr


@needs_full
@pytest.mark.slow
@pytest.mark.parametrize("command", ["home", "--help", "--version", "ask --format csv", "ask --format parquet"])
def test_every_way_to_print_finds_out_that_the_output_is_full(home: Path, command: str) -> None:
    ended = run_in_shell(f"$NASCAR {command} > /dev/full", home)
    assert (8, False) == (ended.returncode, "Traceback" in ended.stderr)


def test_a_command_runs_without_streams(home: Path) -> None:
    assert 0 == run_in_shell("$NASCAR ask <&- >&- 2>&-", home).returncode


@pytest.mark.slow
def test_a_statement_is_not_read_from_an_input_that_is_closed(home: Path) -> None:
    ended = run_in_shell("$NASCAR query - <&-", home)
    assert (2, False) == (ended.returncode, "Traceback" in ended.stderr)


@pytest.mark.slow
def test_an_argument_is_utf_8_where_the_locale_is_not(home: Path) -> None:
    settings = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = run_in_shell("$NASCAR ask Su\u00e1rez", home, **settings)
    assert 2 == ended.returncode
    assert "Su\\xe1rez" in ended.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"SELECT 1", "SELECT 1"), (b"\xef\xbb\xbfSELECT '\xc3\xa1'", "SELECT '\u00e1'"), (b"", "")],
)
def test_the_input_is_utf_8_with_or_without_a_mark(
    monkeypatch: pytest.MonkeyPatch, content: bytes, expected: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert expected == streams.read_standard_input()


@pytest.mark.parametrize("content", [b"SELECT 1\xff", "SELECT 1".encode("utf-16")])
def test_another_encoding_of_the_input_is_refused(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    with pytest.raises(UsageError) as refusal:
        streams.read_standard_input()
    assert "save the file as UTF-8" == refusal.value.advice


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_letters_that_the_output_lacks_are_written_as_numbers(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    printed = {}
    for form in ("json", "table", "csv"):
        output = Output(encoding)
        monkeypatch.setattr(sys, "stdout", output)
        streams.prepare_streams()
        show(SUAREZ, form)
        printed[form] = output.content()
    assert [{"winner": "Daniel Su\u00e1rez \U0001f3c1"}] == json.loads(printed["json"])
    assert printed["csv"].endswith(b"\\U0001f3c1\n")
    assert b"----" in printed["table"]


def test_only_an_error_without_a_file_is_one_of_the_output() -> None:
    assert streams.is_output_error(OSError(28, "No space left on device"))
    assert not streams.is_output_error(OSError(28, "No space left on device", "landing/a"))
    assert not streams.is_output_error(OSError(2, "No such file"))


@needs_full
def test_what_cannot_be_flushed_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    output = FULL.open("w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", output)
    output.write("x")
    with pytest.raises(MachineFailure, match="No space left"):
        streams.flush_streams()
    with pytest.raises(OSError, match="No space left"):
        output.close()
