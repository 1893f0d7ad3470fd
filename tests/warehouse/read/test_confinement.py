"""The third wall of the sandbox, without the others before it, and how statements and their processes end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.asking import ENDLESS, ask, children, publish, refuse

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


ASK_ENDLESSLY = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # Ignored in what a shell starts in the background.
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
