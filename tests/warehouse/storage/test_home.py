"""One process writes; readers find the old warehouse or the new one, whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import MachineFailure, UsageError, WarehouseBusy
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home

HOLD = """
import sys
from pathlib import Path
from nascar_warehouse.warehouse.storage.home import Home

with Home(Path(sys.argv[1])).lock("ingest"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def store(tmp_path: Path) -> Home:
    """A home of which nothing is there yet."""
    return Home(tmp_path / "home")


@contextmanager
def another_holder(store: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is asked to release it, or killed."""
    with subprocess.Popen(  # noqa: S603, the interpreter that runs this test
        [sys.executable, "-c", HOLD, str(store.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert "held\n" == process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def let_go(process: subprocess.Popen[str]) -> None:
    pipe: IO[str] | None = process.stdin
    assert pipe is not None
    pipe.write("\n")
    pipe.flush()


def is_free(store: Home, *, wait_seconds: float = 0) -> bool:
    """Whether the lock can be had."""
    try:
        with store.lock("probe", wait_seconds=wait_seconds):
            return True
    except WarehouseBusy:
        return False


def make(store: Home, text: str) -> Path:
    """A file that stands for a finished warehouse."""
    store.building.mkdir(parents=True, exist_ok=True)
    path = store.building / "next.duckdb"
    path.write_text(text)
    return path


def publish(store: Home, *texts: str, keep: int = 3) -> None:
    for text in texts:
        store.publish(make(store, text), keep=keep)


def snapshots(store: Home) -> list[str]:
    return [path.read_text() for path in store.snapshot_files()]


def build(store: Home, value: int, *, keep: int = 1) -> None:
    """Build and publish a warehouse that holds one value."""
    with store.next_warehouse() as (path, con):
        con.execute(f"CREATE TABLE facts AS SELECT {value} AS value")
        store.finish(path, con)
        store.publish(path, keep=keep)


def read(con: duckdb.DuckDBPyConnection) -> list[tuple[int]]:
    return con.execute("SELECT value FROM facts").fetchall()


def test_a_home_is_only_made_when_something_is_written(store: Home) -> None:
    assert ([], "") == (store.snapshot_files(), store.published_fingerprint())
    assert not store.root.exists()


def test_everything_of_a_home_lies_in_its_folder(store: Home) -> None:
    paths = [store.published, store.landing, store.snapshots, store.building]
    assert {store.root} == {path.parent for path in paths}


def test_a_second_holder_learns_the_process_and_the_purpose_of_the_first(store: Home) -> None:
    with another_holder(store) as process, pytest.raises(WarehouseBusy) as refusal, store.lock("build"):
        pass
    assert f"process {process.pid} " in str(refusal.value)
    assert "(ingest, since " in str(refusal.value)


def test_a_second_holder_in_the_same_process_is_refused_too(store: Home) -> None:
    with (
        store.lock("ingest"),
        pytest.raises(WarehouseBusy, match=f"process {os.getpid()} "),
        store.lock("build"),
    ):
        pass


def test_a_refused_holder_does_not_take_the_lock_from_its_holder(store: Home) -> None:
    with another_holder(store):
        assert [False, False] == [is_free(store), is_free(store)]


def test_the_lock_is_free_when_its_holder_was_killed(store: Home) -> None:
    with another_holder(store) as process:
        process.kill()
        process.wait()
        assert is_free(store)


def test_the_next_holder_is_named_after_one_that_was_killed(store: Home) -> None:
    with another_holder(store) as process:
        process.kill()
        process.wait()
    with store.lock("build"), pytest.raises(WarehouseBusy, match="build"), store.lock("rebuild"):
        pass


def test_a_waiting_holder_gets_the_lock_when_its_holder_lets_go(store: Home) -> None:
    with another_holder(store) as process:
        let_go(process)
        assert is_free(store, wait_seconds=30)


def test_the_lock_is_free_after_an_error(store: Home) -> None:
    with pytest.raises(ZeroDivisionError), store.lock("build"):
        raise ZeroDivisionError
    assert is_free(store)


def test_two_homes_have_two_locks(tmp_path: Path) -> None:
    with Home(tmp_path / "a").lock("build"):
        assert is_free(Home(tmp_path / "b"))


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", json.dumps({"process": 1})])
def test_a_holder_that_cannot_be_named_is_another_process(store: Home, text: str) -> None:
    with store.lock("ingest"):
        (store.root / "lock.holder").write_text(text)
        with pytest.raises(WarehouseBusy, match="another process"), store.lock("build"):
            pass


def test_no_holder_is_named_when_the_lock_is_free(store: Home) -> None:
    with store.lock("build"):
        pass
    assert [] == [path.name for path in store.root.iterdir() if path.name != "lock"]


def test_a_home_that_cannot_be_made_is_a_failure_of_the_machine(store: Home) -> None:
    store.root.write_text("a file")
    with pytest.raises(MachineFailure, match=str(store.root)), store.lock("build"):
        pass


def test_what_was_built_and_published_can_be_read(store: Home) -> None:
    build(store, 1)
    with closing(open_published(store)) as con:
        assert [(1,)] == read(con)


def test_a_reader_with_the_old_file_open_keeps_reading_it(store: Home) -> None:
    build(store, 1)
    with closing(open_published(store)) as con:
        build(store, 2)
        assert [(1,)] == read(con)


def test_a_reader_that_opens_the_file_afterwards_finds_the_new_one(store: Home) -> None:
    build(store, 1)
    with closing(open_published(store)) as con:
        read(con)
        build(store, 2)
    with closing(open_published(store)) as con:
        assert [(2,)] == read(con)


def test_a_snapshot_can_be_read(store: Home) -> None:
    build(store, 1)
    build(store, 2)
    [snapshot] = store.snapshot_files()
    with duckdb.connect(snapshot, read_only=True) as con:
        assert [(1,)] == read(con)


def test_a_published_warehouse_is_one_file(store: Home) -> None:
    build(store, 1)
    assert [store.published] == [path for path in store.root.rglob("*") if path.is_file()]


def test_the_next_warehouse_is_gone_when_it_was_not_published(store: Home) -> None:
    with store.next_warehouse() as (path, con):
        con.execute("CREATE TABLE facts AS SELECT 1 AS value")
        store.finish(path, con)
    assert [] == list(store.root.iterdir())


def test_the_next_warehouse_is_gone_after_an_error(store: Home) -> None:
    with pytest.raises(duckdb.CatalogException), store.next_warehouse() as (_, con):
        con.execute("CREATE TABLE facts AS FROM nowhere")
    assert [] == list(store.root.iterdir())


def test_an_error_leaves_the_published_warehouse_as_it_was(store: Home) -> None:
    build(store, 1)
    before = store.published_fingerprint()
    with pytest.raises(ZeroDivisionError), store.next_warehouse():
        raise ZeroDivisionError
    assert before == store.published_fingerprint()


def test_the_next_warehouse_begins_empty_whatever_was_left_behind(store: Home) -> None:
    store.building.mkdir(parents=True)
    (store.building / "next.duckdb").write_text("what a killed build left")
    (store.building / "next.duckdb.wal").write_text("more of it")
    with store.next_warehouse() as (_, con):
        assert [] == con.execute("SHOW ALL TABLES").fetchall()


def test_a_quote_in_the_path_of_a_home_is_nothing_special(tmp_path: Path) -> None:
    quoted = Home(tmp_path / "Jo's home; DROP")
    build(quoted, 1)
    with closing(open_published(quoted)) as con:
        assert [(1,)] == read(con)


def test_a_next_warehouse_that_cannot_be_made_is_a_failure_of_the_machine(store: Home) -> None:
    store.root.mkdir()
    store.building.write_text("a file")
    with pytest.raises(MachineFailure, match="building"), store.next_warehouse():
        pass


def test_a_reader_cannot_write(store: Home) -> None:
    build(store, 1)
    with closing(open_published(store)) as con, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        con.execute("DELETE FROM facts")


def test_without_a_warehouse_the_error_names_the_command_that_builds_one(store: Home) -> None:
    with pytest.raises(UsageError, match="nascar build"):
        open_published(store)


@pytest.mark.parametrize("text", ["", "no database at all", "x" * 20_000])
def test_a_published_file_that_is_no_warehouse_is_a_failure_of_the_machine(store: Home, text: str) -> None:
    store.root.mkdir()
    store.published.write_text(text)
    with pytest.raises(MachineFailure, match=r"nascar\.duckdb"):
        open_published(store)


def test_a_folder_in_the_place_of_the_warehouse_is_a_failure_of_the_machine(store: Home) -> None:
    store.published.mkdir(parents=True)
    with pytest.raises(MachineFailure, match=r"nascar\.duckdb"):
        open_published(store)
