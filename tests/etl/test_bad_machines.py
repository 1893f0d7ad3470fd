"""The job on a machine that misbehaves: no folder, damaged bytes, a damaged warehouse."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.feed import FeedFolder
from tests.support.good_season import (
    fingerprint,
)


@pytest.mark.parametrize("command", ["closest", "build", "ingest"])
def test_a_home_that_cannot_be_made_is_exit_8(
    nascar: Nascar, feed: FeedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("NASCAR_HOME", str(tmp_path / "file" / "home"))
    feed.put_one_race()
    left = nascar(command, *(["--mirror", feed] if command == "ingest" else []))
    assert (8, "") == (left.code, left.out)
    assert str(tmp_path / "file" / "home") in left.err
    assert "NASCAR_HOME" in left.err


@pytest.mark.usefixtures("good")
def test_kept_bytes_that_are_damaged_are_exit_8_and_named(nascar: Nascar, home: Path) -> None:
    before = fingerprint(home)
    documents = home / "landing" / "documents.sqlite"
    with closing(sqlite3.connect(documents)) as db, db:
        db.execute("UPDATE objects SET gzip = substr(gzip, 1, length(gzip) - 10)")
    left = nascar("rebuild")
    assert 8 == left.code
    assert str(documents) in left.err
    assert "next: " in left.err
    assert before == fingerprint(home)


def test_a_damaged_warehouse_is_exit_8_for_readers_and_repaired_by_the_next_run(
    nascar: Nascar, good: FeedFolder, home: Path
) -> None:
    (home / "nascar.duckdb").unlink()
    (home / "nascar.duckdb").write_bytes(b"not a database at all " * 1000)
    readers = [nascar("closest"), nascar("query", "SELECT 1"), nascar("check")]
    assert [(8, True)] * 3 == [(left.code, str(home / "nascar.duckdb") in left.err) for left in readers]
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert 0 == nascar("closest").code
