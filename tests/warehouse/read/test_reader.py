"""Readers go on through any number of publications: each answer is of one warehouse, and the next question meets the new one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import MachineFailure, UsageError
from nascar_warehouse.warehouse.read.reader import GuardedCursor, Reader
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home

PUBLICATIONS = 50
READERS = 8

# Asks without a pause until it was answered with the last number; the numbers of one answer must be one, and only grow.
ASK = """
import sys
from contextlib import closing
from pathlib import Path
from nascar_warehouse.warehouse.read.reader import Reader
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home

home, last, way = Home(Path(sys.argv[1])), int(sys.argv[2]), sys.argv[3]
reader = Reader(home)
opened = {"reopen": lambda: open_published(home), "reader": reader.cursor}[way]
seen = [0]
print("asking", flush=True)
while seen[-1] != last:
    with closing(opened()) as con:
        [(first, lowest, highest, count)] = con.execute(
            "SELECT (SELECT number FROM first.facts), min(number), max(number), count(*) FROM second.facts_seen"
        ).fetchall()
        [(again,)] = con.execute("SELECT max(number) FROM second.facts_seen").fetchall()
    if len({first, lowest, highest, again}) != 1 or count != 20_000 or first < seen[-1]:
        sys.exit(f"{first}, {lowest}, {highest}, {again} in {count} rows after {seen[-1]}")
    if first != seen[-1]:
        seen.append(first)
print(len(seen) - 1)
"""


@pytest.fixture
def store(tmp_path: Path) -> Home:
    """A home of which nothing is there yet."""
    return Home(tmp_path / "home")


@pytest.fixture
def reader(store: Home) -> Iterator[Reader]:
    """A reader of that home."""
    with closing(Reader(store)) as opened:
        yield opened


def publish(store: Home, number: int) -> None:
    """Publish a warehouse that has this number in two relations, one of them larger than a block."""
    with store.next_warehouse() as (path, con):
        con.execute("CREATE SCHEMA first")
        con.execute("CREATE SCHEMA second")
        con.execute(f"CREATE TABLE first.facts AS SELECT {number} AS number")
        con.execute(
            f"CREATE TABLE second.facts AS SELECT {number} AS number, hash(i * {number}) AS noise FROM range(20_000) AS t(i)"
        )
        con.execute("CREATE VIEW second.facts_seen AS FROM second.facts")
        store.finish(path, con)
        store.publish(path, keep=1)


def ask(reader: Reader) -> int:
    with closing(reader.cursor()) as con:
        return read(con)


def read(con: duckdb.DuckDBPyConnection | GuardedCursor) -> int:
    [(number,)] = con.execute("SELECT number FROM first.facts").fetchall()
    return int(number)


def open_files(folder: Path) -> list[str]:
    """The files below a folder that this process has open."""
    links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]  # noqa: PTH208  # names of the system
    return [os.readlink(link) for link in links if os.path.lexists(link) and str(folder) in os.readlink(link)]  # noqa: PTH115


@pytest.mark.slow
def test_eight_readers_go_on_through_fifty_publications(store: Home) -> None:
    publish(store, 1)
    with ExitStack() as stack:
        readers = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603  # the interpreter that runs this test
                    [sys.executable, "-c", ASK, str(store.root), str(PUBLICATIONS), ("reopen", "reader")[number % 2]],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for number in range(READERS)
        ]
        for process in readers:
            stack.callback(process.kill)
            assert process.stdout is not None
            assert "asking\n" == process.stdout.readline()
        for number in range(2, PUBLICATIONS + 1):
            publish(store, number)
        left = [process.communicate(timeout=60) for process in readers]
    assert [(0, "")] * READERS == [(process.returncode, err) for process, (_, err) in zip(readers, left, strict=True)]
    # Each read several warehouses on its way to the last.
    assert min(int(out) for out, _ in left) > 1


def test_a_reader_finds_the_new_warehouse_without_a_restart(store: Home, reader: Reader) -> None:
    numbers = []
    for number in (1, 2, 3):
        publish(store, number)
        numbers += [ask(reader), ask(reader)]
    assert [1, 1, 2, 2, 3, 3] == numbers


def test_a_cursor_in_use_keeps_the_warehouse_that_it_was_made_on(store: Home, reader: Reader) -> None:
    publish(store, 1)
    with closing(reader.cursor()) as con:
        publish(store, 2)
        assert (2, 1) == (ask(reader), read(con))


def test_a_cursor_in_use_outlives_its_reader(store: Home, reader: Reader) -> None:
    publish(store, 1)
    with closing(reader.cursor()) as con:
        reader.close()
        assert 1 == read(con)


def test_a_reader_finds_the_new_warehouse_while_another_connection_keeps_the_old_one(
    store: Home, reader: Reader
) -> None:
    publish(store, 1)
    with closing(open_published(store)) as con:
        publish(store, 2)
        assert (2, 1) == (ask(reader), read(con))


def test_a_reader_lets_go_of_the_warehouses_that_nobody_uses(store: Home, reader: Reader) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not say which files a process has open")
    for number in range(5):
        publish(store, number)
        ask(reader)
    assert [str(store.published)] == open_files(store.root)
    reader.close()
    assert [] == open_files(store.root)


def test_threads_share_a_reader_through_publications(store: Home, reader: Reader) -> None:
    publish(store, 1)

    def ask_on(_: int) -> list[int]:
        numbers = [1]
        while numbers[-1] != 10:
            numbers.append(ask(reader))
        return numbers

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(ask_on, range(4))
        for number in range(2, 11):
            publish(store, number)
        assert all(numbers == sorted(numbers) for numbers in answers)


def test_a_reader_cannot_write(store: Home, reader: Reader) -> None:
    publish(store, 1)
    with closing(reader.cursor()) as con, pytest.raises(UsageError, match="only a statement that reads"):
        con.execute("DELETE FROM first.facts")


@pytest.mark.parametrize("name", ["nascar.duckdb", "nascar.duckdb.wal", "other.csv"])
def test_a_reader_cannot_be_made_to_overwrite_a_file(store: Home, reader: Reader, name: str) -> None:
    publish(store, 1)
    before = {path.name: path.read_bytes() for path in store.root.iterdir() if path.is_file()}
    attack = f"EXPLAIN ANALYZE COPY (SELECT 1) TO '{store.root / name}' (FORMAT csv, USE_TMP_FILE false)"
    with closing(reader.cursor()) as con:
        for run in (con.execute, con.sql):
            with pytest.raises(UsageError, match="only a SELECT can be explained"):
                run(attack)
    assert before == {path.name: path.read_bytes() for path in store.root.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    "statement", ["SET enable_external_access = true", "FROM read_text('/etc/hostname')", "FROM enable_logging()"]
)
def test_a_reader_cannot_reach_beyond_the_warehouse(store: Home, reader: Reader, statement: str) -> None:
    publish(store, 1)
    with closing(reader.cursor()) as con, pytest.raises(UsageError):
        con.execute(statement)


def test_a_reader_takes_parameters_and_gives_rows_frames_and_relations(store: Home, reader: Reader) -> None:
    publish(store, 1)
    statement = "SELECT number + $1 AS number FROM first.facts"
    with reader.cursor() as con:
        rows = con.execute(statement, [2]).fetchall()
        names = [column[0] for column in con.description or []]
        frame = con.execute(statement, [3]).pl()
        relation = con.sql("PIVOT first.facts ON number USING count(*)").fetchall()
    assert ([(3,)], ["number"], {"number": [4]}, [(1,)]) == (rows, names, frame.to_dict(as_series=False), relation)


def test_a_reader_may_wait_for_the_first_warehouse(store: Home, reader: Reader) -> None:
    with pytest.raises(UsageError, match="there is no warehouse at"):
        reader.cursor()
    publish(store, 1)
    assert 1 == ask(reader)


def test_a_file_that_is_no_warehouse_is_a_failure_of_the_machine(store: Home, reader: Reader) -> None:
    store.root.mkdir()
    store.published.write_text("not a database at all " * 1000)
    with pytest.raises(MachineFailure, match=r"nascar\.duckdb"):
        reader.cursor()
