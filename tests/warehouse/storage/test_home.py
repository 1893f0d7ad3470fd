"""One process writes; readers find the old warehouse or the new one, whole."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import MachineFailure, UsageError, WarehouseBusy
from nascar_warehouse.warehouse.storage.connection import attached, open_published
from nascar_warehouse.warehouse.storage.home import Home, fingerprint_of

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


def test_a_published_warehouse_takes_the_place_of_the_one_before(store: Home) -> None:
    publish(store, "old", "new")
    assert "new" == store.published.read_text()


def test_what_was_published_is_not_under_construction_any_more(store: Home) -> None:
    publish(store, "new")
    assert [] == list(store.building.iterdir())


def test_the_first_warehouse_has_no_snapshot(store: Home) -> None:
    publish(store, "first")
    assert [] == snapshots(store)


def test_a_replaced_warehouse_becomes_the_newest_snapshot(store: Home) -> None:
    publish(store, "1", "2", "3")
    assert ["1", "2"] == snapshots(store)


@pytest.mark.parametrize(("keep", "kept"), [(0, []), (1, ["5"]), (2, ["4", "5"]), (9, ["1", "2", "3", "4", "5"])])
def test_so_many_of_the_newest_snapshots_are_kept(store: Home, keep: int, kept: list[str]) -> None:
    publish(store, "1", "2", "3", "4", "5", "6", keep=keep)
    assert kept == snapshots(store)


def test_keeping_fewer_than_before_removes_the_oldest(store: Home) -> None:
    publish(store, "1", "2", "3", "4", keep=9)
    publish(store, "5", keep=2)
    assert ["3", "4"] == snapshots(store)


def test_keeping_none_removes_those_that_there_were(store: Home) -> None:
    publish(store, "1", "2", "3", keep=9)
    publish(store, "4", keep=0)
    assert [] == snapshots(store)


def test_the_numbers_of_snapshots_go_on_after_old_ones_went(store: Home) -> None:
    publish(store, "1", "2", "3", "4", keep=1)
    assert ["nascar-000003.duckdb"] == [path.name for path in store.snapshot_files()]


def test_a_foreign_file_among_the_snapshots_is_left_alone(store: Home) -> None:
    publish(store, "1", "2")
    note = store.snapshots / "README"
    note.write_text("mine")
    publish(store, "3", keep=0)
    assert [note] == list(store.snapshots.iterdir())


def without_links(_: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "no links here", str(target))


def test_a_snapshot_is_a_copy_where_there_are_no_links(store: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    publish(store, "1", "2")
    assert (["1"], "2") == (snapshots(store), store.published.read_text())


def test_a_copy_that_found_no_room_is_no_snapshot(store: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_the_disk(_: Path, target: Path) -> None:
        target.write_text("half of")
        raise OSError(errno.ENOSPC, "No space left on device")

    publish(store, "1")
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    monkeypatch.setattr(shutil, "copy2", fill_the_disk)
    with pytest.raises(MachineFailure, match="disk is full"):
        publish(store, "2")
    assert ([], "1") == (snapshots(store), store.published.read_text())


def test_what_is_not_there_cannot_be_published(store: Home) -> None:
    publish(store, "1")
    with pytest.raises(MachineFailure):
        store.publish(store.building / "next.duckdb", keep=1)
    assert ("1", []) == (store.published.read_text(), snapshots(store))


def test_a_file_where_the_folder_of_snapshots_is_due_keeps_the_old_warehouse(store: Home) -> None:
    publish(store, "1")
    store.snapshots.write_text("a file")
    with pytest.raises(MachineFailure):
        publish(store, "2")
    assert "1" == store.published.read_text()


def test_without_a_published_warehouse_there_is_no_fingerprint(store: Home) -> None:
    assert "" == store.published_fingerprint()


def test_the_fingerprint_changes_with_each_publication(store: Home) -> None:
    identities = []
    for _ in range(3):
        publish(store, "the same", keep=9)
        identities.append(store.published_fingerprint())
    assert 3 == len(set(identities))


def test_the_fingerprint_stays_as_long_as_the_file_does(store: Home) -> None:
    publish(store, "1")
    assert store.published_fingerprint() == store.published_fingerprint()


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


@contextmanager
def restored_snapshot(store: Home, number: int) -> Iterator[None]:
    with store.stage_snapshot(store.snapshots / f"nascar-{number:06}.duckdb") as staged:
        store.restore_snapshot(staged)
        yield


def test_a_restored_snapshot_stays_one_and_so_does_what_it_replaces(store: Home) -> None:
    publish(store, "1", "2", "3")
    with restored_snapshot(store, 1):
        assert ("1", ["1", "2", "3"]) == (store.published.read_text(), snapshots(store))


def test_a_staged_snapshot_keeps_its_fingerprint_when_it_is_published(store: Home) -> None:
    publish(store, "1", "2")
    with store.stage_snapshot(store.snapshots / "nascar-000001.duckdb") as staged:
        before = fingerprint_of(staged)
        store.restore_snapshot(staged)
    assert before == store.published_fingerprint()


def test_staging_leaves_nothing_under_construction(store: Home) -> None:
    publish(store, "1", "2")
    with restored_snapshot(store, 1):
        pass
    assert not store.building.exists()


def test_the_published_warehouse_has_the_number_that_its_snapshot_will_have(store: Home) -> None:
    numbers = [store.published_number()]
    for text in ("1", "2"):
        publish(store, text)
        numbers.append(store.published_number())
    assert [1, 1, 2] == numbers


def test_a_restored_snapshot_has_its_old_number(store: Home) -> None:
    publish(store, "1", "2", "3")
    with restored_snapshot(store, 1):
        assert 1 == store.published_number()


def test_a_restored_snapshot_is_no_second_snapshot_when_it_is_replaced(store: Home) -> None:
    publish(store, "1", "2")
    with restored_snapshot(store, 1):
        pass
    publish(store, "3", keep=9)
    assert (["1", "2"], 3) == (snapshots(store), store.published_number())


def test_the_replaced_warehouse_is_kept_before_newer_ones(store: Home) -> None:
    publish(store, "1", "2", "3")
    with restored_snapshot(store, 1):
        pass
    publish(store, "4", keep=1)
    assert ["1"] == snapshots(store)


def test_a_restored_copy_has_its_old_number_too(store: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    publish(store, "1", "22", "333")
    with restored_snapshot(store, 1):
        assert ("1", 1) == (store.published.read_text(), store.published_number())


def test_the_numbers_of_snapshots_are_numbers(store: Home) -> None:
    publish(store, "1", "2")
    (store.snapshots / "nascar-000001.duckdb").rename(store.snapshots / "nascar-999999.duckdb")
    publish(store, "3", "4")
    assert ["nascar-999999", "nascar-1000000", "nascar-1000001"] == [path.stem for path in store.snapshot_files()]


def test_a_foreign_warehouse_among_the_snapshots_is_left_alone(store: Home) -> None:
    publish(store, "1", "2")
    (store.snapshots / "nascar-mine.duckdb").write_text("mine")
    publish(store, "3", keep=0)
    assert ["nascar-mine.duckdb"] == [path.name for path in store.snapshots.iterdir()]


# --- the published file is read-only, and a write-ahead log beside it is not part of it

LEAVE_A_LOG = """
import os, sys
import duckdb

con = duckdb.connect(sys.argv[1])
con.execute("DELETE FROM facts")
con.execute("CREATE TABLE scratch (i INTEGER)")
os._exit(9)
"""


def leave_a_log(store: Home) -> None:
    """Open the published file for writing, as a database browser does, and die."""
    mode = store.published.stat().st_mode
    store.published.chmod(0o644)
    subprocess.run([sys.executable, "-c", LEAVE_A_LOG, str(store.published)], check=False)  # noqa: S603  # this Python
    store.published.chmod(mode)
    assert store.stale_log.exists()


def test_a_published_warehouse_cannot_be_written(store: Home) -> None:
    build(store, 1)
    build(store, 2)
    modes = {oct(path.stat().st_mode & 0o777) for path in (store.published, *store.snapshot_files())}
    assert {"0o444"} == modes


def test_a_restored_snapshot_cannot_be_written_either(store: Home) -> None:
    publish(store, "one", "two")
    snapshot = store.snapshot_files()[0]
    snapshot.chmod(0o644)
    with store.stage_snapshot(snapshot) as staged:
        store.restore_snapshot(staged)
    assert ("one", 0o444) == (store.published.read_text(), store.published.stat().st_mode & 0o777)


def test_a_reader_does_not_apply_a_log_beside_the_published_warehouse(store: Home) -> None:
    build(store, 1)
    leave_a_log(store)
    before = store.stale_log.read_bytes()
    with closing(open_published(store)) as con:
        assert [(1,)] == read(con)
    assert before == store.stale_log.read_bytes()


def test_an_attached_warehouse_has_no_log_applied_either(store: Home) -> None:
    build(store, 1)
    leave_a_log(store)
    with duckdb.connect() as con, attached(con, store.published):
        assert [(1,)] == con.execute("SELECT value FROM published.facts").fetchall()


def test_publishing_removes_a_log(store: Home) -> None:
    build(store, 1)
    leave_a_log(store)
    build(store, 2)
    with closing(open_published(store)) as con:
        assert ([(2,)], False) == (read(con), store.stale_log.exists())


def test_restoring_a_snapshot_removes_a_log(store: Home) -> None:
    build(store, 1)
    build(store, 2)
    leave_a_log(store)
    with store.stage_snapshot(store.snapshot_files()[0]) as staged:
        store.restore_snapshot(staged)
    with closing(open_published(store)) as con:
        assert ([(1,)], False) == (read(con), store.stale_log.exists())


def test_a_log_is_named_with_what_to_do(store: Home) -> None:
    build(store, 1)
    assert "" == store.stale_log_notice()
    leave_a_log(store)
    assert f"{store.stale_log} does not belong to the published warehouse" in store.stale_log_notice()
    assert "remove the log" in store.stale_log_notice()


def test_reading_beside_a_log_leaves_nothing_in_the_temporary_folder(
    store: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(store, 1)
    leave_a_log(store)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    open_published(store).close()
    assert [] == list(temporary.iterdir())
