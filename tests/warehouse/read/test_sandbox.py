"""The limits of the sandbox, its messages, and that it always reads the newest warehouse."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import MachineFailure, UsageError
from nascar_warehouse.warehouse.read.reader import Reader
from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox, format_bytes
from nascar_warehouse.warehouse.read.stopper import Stopper
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar
from tests.support.asking import ENDLESS, ask, publish, refuse


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("SELECT 1 decade", "decade"),
        ("SELECT 1 rows, 2 share", "rows"),
        ("SELECT number share FROM core.races", "share"),
        ("SELECT count(*) year FROM core.races", "year"),
    ],
)
def test_a_name_that_is_a_word_of_sql_comes_with_the_advice_to_write_as(
    sandbox: Sandbox, statement: str, word: str
) -> None:
    assert f"{word} is a word of SQL: write AS before it, … AS {word}" == refuse(sandbox, statement).advice


@pytest.mark.parametrize("statement", ["SELECT 1 FORM core.races x y", "SELEC 1", "SELECT 1 rows rows rows"])
def test_another_error_of_syntax_comes_with_the_way_to_the_dictionary(sandbox: Sandbox, statement: str) -> None:
    assert "nascar describe" in refuse(sandbox, statement).advice


@pytest.mark.parametrize(
    ("count", "text"),
    [(10**9, "1 GB"), (1_500_000_000, "1.5 GB"), (150_000_000, "150 MB"), (2_000, "2 kB"), (1, "1 bytes")],
)
def test_a_size_is_written_as_people_do(count: int, text: str) -> None:
    assert text == format_bytes(count)


def test_time_is_a_promise(sandbox: Sandbox) -> None:
    ask(sandbox, "SELECT 1")
    started = time.monotonic()
    assert "the statement was stopped after 0.2 seconds" == refuse(sandbox, ENDLESS, Limits(seconds=0.2)).problem
    assert time.monotonic() - started < 1.2


@pytest.mark.parametrize("delay", [0, 0.3])
def test_a_statement_can_be_stopped_from_another_thread(sandbox: Sandbox, delay: float) -> None:
    stopper = Stopper()
    timer = threading.Timer(delay, stopper.stop)
    timer.start()
    started = time.monotonic()
    with pytest.raises(UsageError):
        sandbox.run(ENDLESS, Limits(seconds=30), stopper)
    assert time.monotonic() - started < 5
    timer.join()


def test_memory_is_a_promise(sandbox: Sandbox) -> None:
    refusal = refuse(sandbox, "SELECT len(range(1_000_000_000))", Limits(memory_bytes=200_000_000))
    assert "the statement needs more than 200 MB of memory" == refusal.problem
    assert "--memory" in refusal.advice


@pytest.mark.parametrize(
    "limits", [{"memory_bytes": 1}, {"rows": -1}, {"seconds": 0.0}, {"seconds": float("nan")}, {"seconds": -1.0}]
)
def test_limits_that_make_no_sense_are_refused(limits: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="invalid"):
        Limits(**limits)  # type: ignore[arg-type]  # of several fields at once


def test_the_command_takes_its_memory_from_the_environment(
    nascar: Nascar, home_of_one: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCAR_HOME", str(home_of_one.root))
    monkeypatch.setenv("NASCAR_QUERY_MEMORY", "200MB")
    for arguments, size in (((), "200 MB"), (("--memory", "0.3 GB"), "300 MB")):
        left = nascar("query", "SELECT len(range(1_000_000_000))", *arguments)
        assert (2, "") == (left.code, left.out)
        assert f"needs more than {size} of memory" in left.err


@pytest.mark.parametrize("size", ["", "1", "GB", "-1GB", "1PB", "nan GB"])
def test_the_command_refuses_a_memory_that_is_no_size(nascar: Nascar, size: str) -> None:
    if size:
        assert 2 == nascar("query", "SELECT 1", f"--memory={size}").code


def test_the_command_says_when_there_are_more_rows(
    nascar: Nascar, home_of_one: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCAR_HOME", str(home_of_one.root))
    left = nascar("query", "FROM range(10)", "--rows", "2", "--format", "csv")
    assert (0, "range\n0\n1\n", "only the first 2 rows are shown; --rows sets how many\n") == (
        left.code,
        left.out,
        left.err,
    )


# --- the newest warehouse


def test_each_statement_is_run_on_the_newest_warehouse(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Sandbox(home) as sandbox:
        assert "there is no warehouse" in refuse(sandbox, "SELECT 1").problem
        for number in (1, 2, 3):
            publish(home, number)
            assert [(number,)] == ask(sandbox, "SELECT number FROM core.races")


def test_a_reader_runs_the_statements_of_strangers_in_a_sandbox(home_of_one: Home) -> None:
    reader = Reader(home_of_one)
    with reader.query("SELECT number FROM core.races") as answer:
        assert [(1,)] == answer.rows().values
    with pytest.raises(UsageError, match="only a statement that reads"):
        reader.query("DROP TABLE core.races")
    reader.close()


def test_a_log_beside_the_warehouse_is_not_applied(tmp_path: Path) -> None:
    home = Home(tmp_path)
    publish(home, 1)
    home.published.chmod(0o644)
    script = (
        "import duckdb, os, sys; con = duckdb.connect(sys.argv[1]); con.execute('DELETE FROM core.races'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(home.published)], check=False)  # noqa: S603  # this Python
    assert home.stale_log.exists()
    with Sandbox(home) as sandbox:
        assert [(1,)] == ask(sandbox, "SELECT number FROM core.races")


def test_a_file_that_is_no_warehouse_is_a_failure_of_the_machine(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.published.write_text("not a database at all " * 1000)
    with Sandbox(home) as sandbox, pytest.raises(MachineFailure, match=r"nascar\.duckdb"):
        sandbox.run("SELECT 1")


def test_the_engine_in_this_process_is_left_alone(home_of_one: Home, sandbox: Sandbox) -> None:
    with duckdb.connect(home_of_one.published, read_only=True) as con:
        assert [(1,)] == ask(sandbox, "SELECT number FROM core.races")
        assert [(1,)] == con.execute("SELECT number FROM core.races").fetchall()
