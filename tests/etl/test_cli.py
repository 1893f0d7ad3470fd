"""The command as people and shells use it: help, exit codes, what goes to which stream, what it costs to start."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from nascar_warehouse import __version__
from nascar_warehouse.etl import cli
from tests.conftest import Nascar
from tests.support.commands import COMMAND
from tests.support.feed import FeedFolder

COMMANDS = sorted(get_command(cli.app).commands)  # type: ignore[attr-defined]  # a group, since there are several
HEAVY = (
    *("polars", "sqlglot", "httpx", "duckdb", "pyarrow", "rich", "selectolax", "structlog", "prometheus_client"),
    *("msgspec", "sqlite3", "w3lib"),
)

# What a child runs instead of `nascar`: the command, then on the error stream which of the heavy modules it imported.
REPORTING = f"""
import sys
from nascar_warehouse.etl.cli import main
try:
    main()
finally:
    print("imported:", *[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


# --- help


def test_the_bare_command_prints_help(nascar: Nascar) -> None:
    left = nascar()
    assert (0, "") == (left.code, left.err)
    assert left.out.lstrip().startswith("Usage: ")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_lists_every_command(nascar: Nascar, command: str) -> None:
    assert command in [line.split()[0] for line in nascar("--help").out.splitlines() if line.startswith("  ")]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(nascar: Nascar, command: str) -> None:
    left = nascar(command, "--help")
    examples = [line.strip() for line in left.out.splitlines() if line.strip().startswith("nascar ")]
    assert (0, "") == (left.code, left.err)
    assert [] != [example for example in examples if example.split()[1] == command]


def test_every_command_that_prints_rows_prints_them_in_every_format(nascar: Nascar) -> None:
    printing = [name for name in COMMANDS if "--format" in nascar(name, "--help").out]
    assert {"closest", "query", "describe", "status", "check", "ingest"} <= set(printing)
    assert [] == [
        name
        for name in printing
        if "table|json|csv|parquet|markdown" not in nascar(name, "--help").out.replace(" ", "")
    ]


@pytest.mark.parametrize(
    "command", ["closest", "ingest", "build", "rebuild", "query", "describe", "status", "check", "home"]
)
def test_the_short_option_for_help_works_too(nascar: Nascar, command: str) -> None:
    assert nascar(command, "--help").out == nascar(command, "-h").out


def test_the_version_is_printed(nascar: Nascar) -> None:
    left = nascar("--version")
    assert (0, f"{__version__}\n", "") == (left.code, left.out, left.err)


# --- errors


@pytest.mark.parametrize(
    "arguments",
    [
        ["closet"],
        ["closest", "--no-such-option"],
        ["closest", "--limit", "many"],
        ["query"],
        ["home", "superfluous"],
        ["--no-such-option"],
    ],
)
def test_what_no_command_understands_is_exit_2_and_prints_no_data(nascar: Nascar, arguments: list[str]) -> None:
    left = nascar(*arguments)
    assert (2, "") == (left.code, left.out)
    assert left.err != ""


def test_an_error_says_what_where_and_what_to_do_next(nascar: Nascar, home: Path) -> None:
    assert (
        f"error: there is no warehouse at {home / 'nascar.duckdb'} yet\n"
        "  next: run `nascar build`, or `nascar ingest` to fetch the feeds\n"
    ) == nascar("query", "SELECT 1").err


def test_a_statement_that_is_wrong_prints_no_data(nascar: Nascar, almanac: Path) -> None:
    left = nascar("query", "SELECT nothing FROM nowhere")
    assert (2, "") == (left.code, left.out)
    assert left.err.startswith("error: ")
    assert (almanac / "nascar.duckdb").exists()


# --- pipes


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown", "parquet"])
@pytest.mark.usefixtures("almanac")
def test_a_reader_that_has_seen_enough_is_no_error(form: str) -> None:
    child = start(*COMMAND[1:], "closest", "--limit", "1000", "--format", form)
    assert child.stdout is not None
    child.stdout.close()
    _, err = child.communicate(timeout=30)
    assert (0, "") == (child.returncode, err)


@pytest.mark.usefixtures("almanac")
def test_a_reader_that_has_seen_enough_of_a_long_answer_is_no_error() -> None:
    statement = "SELECT i, repeat('x', 100) AS text FROM range(20000) AS t (i)"
    child = start(*COMMAND[1:], "query", statement, "--format", "csv")
    assert child.stdout is not None
    assert "i,text\n" == child.stdout.readline()
    child.stdout.close()
    _, err = child.communicate(timeout=30)
    assert (0, "") == (child.returncode, err)


@pytest.mark.usefixtures("almanac")
def test_a_statement_may_come_from_the_standard_input() -> None:
    done = run(
        *COMMAND[1:],
        "query",
        "-",
        "--format",
        "csv",
        input="SELECT 1 AS one",
    )
    assert (0, "one\n1\n", "") == (done.returncode, done.stdout, done.stderr)


def test_names_with_accents_are_printed_whatever_the_locale(almanac: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONIOENCODING", "")
    assert (almanac / "nascar.duckdb").exists()
    done = run(*COMMAND[1:], "closest", "--driver", "suarez", "--format", "csv")
    assert (0, "") == (done.returncode, done.stderr)
    assert "Daniel Suárez" in done.stdout


# --- what it costs to start


def test_starting_imports_nothing_heavy() -> None:
    code = f"import sys, nascar_warehouse.etl.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = run("-c", code)
    assert ("[]\n", "", 0) == (done.stdout, done.stderr, done.returncode)


@pytest.mark.usefixtures("almanac")
def test_a_ranking_is_read_without_anything_heavy() -> None:
    done = run("-c", REPORTING, "closest", "--format", "json")
    assert (0, "imported:\n") == (done.returncode, done.stderr)


@pytest.mark.usefixtures("almanac")
def test_a_table_for_a_person_needs_neither_frames_nor_a_parser() -> None:
    done = run("-c", REPORTING, "closest")
    assert (0, set()) == (
        done.returncode,
        {"polars", "sqlglot", "httpx", "pyarrow", "selectolax"} & set(done.stderr.split()),
    )


def test_a_run_with_nothing_new_needs_neither_frames_nor_a_parser_nor_a_client(
    one_race: FeedFolder,
) -> None:
    done = run("-c", REPORTING, "ingest", "nascar_feed", "--mirror", str(one_race))
    assert 0 == done.returncode
    assert "nothing new, nothing published" in done.stderr
    assert set() == {"polars", "sqlglot", "httpx", "pyarrow", "selectolax"} & set(done.stderr.split())


def run(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    command = [sys.executable, *arguments]
    return subprocess.run(  # noqa: S603
        command, capture_output=True, encoding="utf-8", check=False, timeout=60, **settings
    )


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start Python in a process of its own."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("almanac")
def test_a_long_statement_draws_no_bar_into_its_data() -> None:
    statement = "SELECT count(*) AS n FROM range(9000) AS a, range(60000) AS b WHERE a.range * b.range % 7 = 3"
    done = run(*COMMAND[1:], "query", statement, "--format", "csv")
    assert (0, "n\n") == (done.returncode, done.stdout[:2])
    assert done.stdout.isascii()


@pytest.mark.usefixtures("almanac")
def test_without_an_error_stream_an_answer_is_the_same(nascar: Nascar) -> None:
    command = f"{shlex.join(COMMAND)} closest 2>&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)  # noqa: S603
    assert (0, nascar("closest").out) == (done.returncode, done.stdout)


def test_without_an_error_stream_an_error_is_no_data(home: Path) -> None:
    command = f"{shlex.join(COMMAND)} query 'SELECT 1' 2>&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)  # noqa: S603
    assert (2, "") == (done.returncode, done.stdout)
    assert not home.exists()


def test_no_command_imports_pandas(almanac: Path, tmp_path: Path) -> None:
    (tmp_path / "pandas.py").write_text("raise SystemExit('pandas was imported')")
    path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(tmp_path)])
    done = subprocess.run(  # the interpreter that runs this test
        [sys.executable, "-c", "from nascar_warehouse.etl.cli import run; run()", "drivers", "larson"],
        env=os.environ | {"NASCAR_HOME": str(almanac), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, False) == (done.returncode, "pandas" in done.stderr)
    assert "kyle-larson" in done.stdout
