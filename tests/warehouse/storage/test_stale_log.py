"""The published file is read-only, and a write-ahead log beside it is not part of it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.storage.connection import attached, open_published
from nascar_warehouse.warehouse.storage.home import Home


@pytest.fixture
def store(tmp_path: Path) -> Home:
    """A home of which nothing is there yet."""
    return Home(tmp_path / "home")


def make(store: Home, text: str) -> Path:
    """A file that stands for a finished warehouse."""
    store.building.mkdir(parents=True, exist_ok=True)
    path = store.building / "next.duckdb"
    path.write_text(text)
    return path


def publish(store: Home, *texts: str, keep: int = 3) -> None:
    for text in texts:
        store.publish(make(store, text), keep=keep)


def build(store: Home, value: int, *, keep: int = 1) -> None:
    """Build and publish a warehouse that holds one value."""
    with store.next_warehouse() as (path, con):
        con.execute(f"CREATE TABLE facts AS SELECT {value} AS value")
        store.finish(path, con)
        store.publish(path, keep=keep)


def read(con: duckdb.DuckDBPyConnection) -> list[tuple[int]]:
    return con.execute("SELECT value FROM facts").fetchall()


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
