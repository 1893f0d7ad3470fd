"""The walls of the sandbox one by one, its limits, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import MachineFailure, UsageError
from nascar_warehouse.warehouse.read.reader import Reader
from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox, format_bytes
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar

ENDLESS = "SELECT count(*) FROM range(100_000_000_000) AS a, range(1000) AS b"


@pytest.fixture(scope="module")
def home_of_one(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose warehouse has one table; for reading only."""
    home = Home(tmp_path_factory.mktemp("home"))
    publish(home, 1)
    return home


@pytest.fixture(scope="module")
def sandbox(home_of_one: Home) -> Iterator[Sandbox]:
    with Sandbox(home_of_one) as opened:
        yield opened


def publish(home: Home, number: int) -> None:
    with home.next_warehouse() as (path, con):
        con.execute(f"CREATE SCHEMA core; CREATE TABLE core.races AS SELECT {number} AS number")
        home.finish(path, con)
        home.publish(path, keep=0)


def ask(sandbox: Sandbox, statement: str, limits: Limits | None = None) -> list[tuple[object, ...]]:
    with sandbox.run(statement, limits) as answer:
        return [tuple(row) for row in answer.rows().values]


def refuse(sandbox: Sandbox, statement: str, limits: Limits | None = None) -> UsageError:
    with pytest.raises(UsageError) as refusal:
        ask(sandbox, statement, limits)
    return refusal.value


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


# --- answers


def test_an_answer_has_the_types_of_its_columns(sandbox: Sandbox) -> None:
    columns = "1::DECIMAL(9, 3) AS margin_seconds, 'x' AS name, DATE '2024-05-05' AS race_date, sum(1) AS total"
    for condition in ("true", "false"):
        with sandbox.run(f"SELECT {columns} WHERE {condition} GROUP BY ALL") as answer:
            assert ["decimal128(9, 3)", "string", "date32[day]", "decimal128(38, 0)"] == [
                str(kind) for kind in answer.schema.types
            ]


def test_an_answer_has_python_values(sandbox: Sandbox) -> None:
    columns = "0.001::DECIMAL(9, 3), NULL, '', sum(2), [1, NULL], {'a': 1}, MAP {'k': 1}"
    assert [(Decimal("0.001"), None, "", 2, [1, None], {"a": 1}, {"k": 1})] == ask(sandbox, f"SELECT {columns}")


@pytest.mark.parametrize("kind", ["UHUGEINT", "BIGNUM", "BIT", "TIMETZ"])
def test_a_type_that_arrow_lacks_is_refused_with_the_column(sandbox: Sandbox, kind: str) -> None:
    refusal = refuse(sandbox, f"SELECT NULL::{kind} AS mine")
    assert refusal.problem.startswith("the column mine is of the type ")
    assert "cast it to VARCHAR" == refusal.advice


@pytest.mark.parametrize(
    ("rows", "found", "is_cut_off"), [(None, 50_000, False), (50_000, 50_000, False), (7, 7, True)]
)
def test_an_answer_is_cut_off_at_its_limit_of_rows(
    sandbox: Sandbox, rows: int | None, found: int, is_cut_off: bool
) -> None:
    with sandbox.run("FROM range(50_000)", Limits(rows=rows)) as answer:
        assert found == sum(batch.num_rows for batch in answer)
        assert is_cut_off == answer.is_cut_off


def test_no_rows_are_an_answer_too(sandbox: Sandbox) -> None:
    with sandbox.run("FROM range(3)", Limits(rows=0)) as answer:
        assert ([], True) == (answer.rows().values, answer.is_cut_off)


def test_an_answer_that_is_too_large_is_refused(sandbox: Sandbox) -> None:
    refusal = refuse(sandbox, "SELECT repeat('x', 1_000_000) FROM range(100)", Limits(answer_bytes=5_000_000))
    assert "the answer is larger than 5 MB" == refusal.problem


def test_an_error_in_the_middle_of_an_answer_is_raised(sandbox: Sandbox) -> None:
    refusal = refuse(sandbox, "SELECT CASE WHEN i = 900_000 THEN error('late') ELSE i END FROM range(1_000_000) t(i)")
    assert "late" in refusal.problem


def test_a_slow_reader_of_an_answer_does_not_use_up_the_time_of_the_statement(sandbox: Sandbox) -> None:
    with sandbox.run("SELECT repeat('x', 1000) FROM range(100_000)", Limits(seconds=2)) as answer:
        batches = iter(answer)
        rows = next(batches).num_rows
        time.sleep(2.5)
        assert 100_000 == rows + sum(batch.num_rows for batch in batches)


# --- words


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


# --- limits


def test_time_is_a_promise(sandbox: Sandbox) -> None:
    ask(sandbox, "SELECT 1")
    started = time.monotonic()
    assert "the statement was stopped after 0.2 seconds" == refuse(sandbox, ENDLESS, Limits(seconds=0.2)).problem
    assert time.monotonic() - started < 1.2


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


# --- the third wall, without the others before it

CONFINED = """
import socket, sys
from pathlib import Path
from nascar_warehouse.warehouse.read import confinement

allowed, other = Path(sys.argv[1]), Path(sys.argv[2])
if not confinement.allow_reading_only(allowed):
    print("no Landlock")
    sys.exit()

def attempt(what, action):
    try:
        action()
    except OSError as error:
        print(what, type(error).__name__)
    else:
        print(what, "possible")

attempt("read the file", allowed.read_bytes)
attempt("write the file", lambda: allowed.open("r+b").close())
attempt("remove the file", allowed.unlink)
attempt("read another", other.read_bytes)
attempt("make one beside it", lambda: allowed.with_suffix(".new").touch())
attempt("make a folder", lambda: allowed.with_suffix(".folder").mkdir())
attempt("list the folder", lambda: list(allowed.parent.iterdir()))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", 9), 1))
"""

UNGUARDED_COPY = """
import sys
from pathlib import Path
import duckdb
from nascar_warehouse.warehouse.read import confinement
from nascar_warehouse.warehouse.storage.connection import open_locked

file = Path(sys.argv[1])
confined = []
con = open_locked(file, confine=lambda: confined.append(confinement.allow_reading_only(file)))
if not confined[0]:
    print("no Landlock")
    sys.exit()
for target in (file, f"{file}.wal"):
    try:
        con.execute(
            f"EXPLAIN ANALYZE COPY (SELECT i FROM range(5_000_000) t(i)) TO '{target}' (FORMAT csv, USE_TMP_FILE false)"
        )
    except duckdb.Error as error:
        print("refused")
"""


def run_script(script: str, *arguments: object) -> list[str]:
    done = subprocess.run(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    if done.stdout == "no Landlock\n":
        pytest.skip("this system has no Landlock")
    return done.stdout.splitlines()


def test_a_confined_process_can_read_one_file_and_nothing_else(tmp_path: Path) -> None:
    allowed, other = tmp_path / "nascar.duckdb", tmp_path / "other"
    allowed.write_text("ours")
    other.write_text("theirs")
    assert [
        "read the file possible",
        "write the file PermissionError",
        "remove the file PermissionError",
        "read another PermissionError",
        "make one beside it PermissionError",
        "make a folder PermissionError",
        "list the folder PermissionError",
        "connect PermissionError",
    ] == run_script(CONFINED, allowed, other)
    assert ("ours", ["nascar.duckdb", "other"]) == (allowed.read_text(), sorted(p.name for p in tmp_path.iterdir()))


def test_what_gets_past_the_guard_cannot_write_from_any_thread_of_the_engine(tmp_path: Path) -> None:
    home = Home(tmp_path)
    publish(home, 1)
    before = home.published.read_bytes()
    assert ["refused", "refused"] == run_script(UNGUARDED_COPY, home.published)
    assert before == home.published.read_bytes()
    assert not home.stale_log.exists()


# --- how it ends

ASK_ENDLESSLY = f"""
import sys
from nascar_warehouse.etl.cli import main
sys.argv = ["nascar", "query", {ENDLESS!r}]
main()
"""


def test_ctrl_c_ends_a_statement_at_once_with_its_own_message_and_code(home_of_one: Home) -> None:
    with subprocess.Popen(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", ASK_ENDLESSLY],
        env=os.environ | {"NASCAR_HOME": str(home_of_one.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        statement = wait_for_statement(process.pid)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - started < 2
    assert (130, "", "error: the statement was interrupted\n") == (process.returncode, out, err)
    assert not Path(f"/proc/{statement}").exists()


def wait_for_statement(pid: int) -> int:
    """The process of the statement that a command runs, once it is at work; skips where the system shows none."""
    if not Path(f"/proc/{pid}/task/{pid}/children").exists():
        pytest.skip("this system does not list the children of a process")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for server in children(pid):
            for statement in children(server):
                ticks = Path(f"/proc/{statement}/stat").read_text().rsplit(")", maxsplit=1)[1].split()[11]
                if int(ticks) > 20:
                    return statement
        time.sleep(0.05)
    raise AssertionError("no statement began")


def test_closing_an_answer_ends_its_statement(home_of_one: Home) -> None:
    with Sandbox(home_of_one) as sandbox:
        with sandbox.run("FROM range(1_000_000_000)") as answer:
            next(iter(answer))
        assert [(1,)] == ask(sandbox, "SELECT 1")
        [server] = [child for child in children(os.getpid()) if "sandbox_server" in command_line(child)][-1:]
        deadline = time.monotonic() + 5
        while children(server) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert [] == children(server)


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def test_a_closed_sandbox_leaves_no_process(home_of_one: Home) -> None:
    before = children(os.getpid())
    sandbox = Sandbox(home_of_one)
    answer = sandbox.run("FROM range(1_000_000_000)")
    sandbox.close()
    answer.close()
    assert before == children(os.getpid())


def test_a_sandbox_whose_process_was_ended_starts_another_one(home_of_one: Home) -> None:
    with Sandbox(home_of_one) as sandbox:
        before = set(children(os.getpid()))
        assert [(1,)] == ask(sandbox, "SELECT 1")
        [server] = set(children(os.getpid())) - before
        os.kill(server, signal.SIGKILL)
        os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
        assert [(2,)] == ask(sandbox, "SELECT 2")


def test_threads_share_a_sandbox(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: ask(sandbox, f"SELECT {number}"), range(12)))
    assert [[(number,)] for number in range(12)] == answers


def test_a_statement_that_fails_leaves_the_next_one_alone(sandbox: Sandbox) -> None:
    refuse(sandbox, "SELECT error('mine')")
    refuse(sandbox, ENDLESS, Limits(seconds=0.1))
    assert [(1,)] == ask(sandbox, "SELECT number FROM core.races")


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
