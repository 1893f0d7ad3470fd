"""A SQLite file of a home is read whole by anybody, whatever another process does to it, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from nascar_warehouse.etl.storage.sqlite import Database
from nascar_warehouse.warehouse.errors import MachineFailure

SCHEMA = "CREATE TABLE IF NOT EXISTS words (number INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT;"
MORE = f"{SCHEMA} CREATE TABLE IF NOT EXISTS others (number INTEGER PRIMARY KEY) STRICT;"
WORDS = "SELECT count(*), min(word), max(word) FROM words"

# Writes a transaction that does not fit the cache, so that half of it is in the file, and is killed there.
KILLED = """
import os, signal, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size = 5")
db.execute("BEGIN IMMEDIATE")
db.execute("UPDATE words SET word = 'new' || substr(word, 4)")
os.kill(os.getpid(), signal.SIGKILL)
"""

READ = """
import sys
from pathlib import Path
from nascar_warehouse.etl.storage.sqlite import Database
print(Database(Path(sys.argv[1]), sys.argv[2], read_only=True).rows(sys.argv[3]))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a thousand words, as a run leaves it."""
    path = tmp_path / "home" / "words.sqlite"
    path.parent.mkdir()
    with closing(Database(path, SCHEMA)) as db:
        db.write_many("INSERT INTO words VALUES (?, ?)", [(number, "old" + "x" * 1000) for number in range(1000)])
    return path


def files_beside(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    paths = [folder, *folder.iterdir()]
    modes = [path.stat().st_mode for path in paths]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


def read_without_rights(path: Path, statement: str = WORDS) -> str:
    """Read as a user for whom permissions count; the superuser has to drop the right to ignore them."""
    command = [sys.executable, "-c", READ, str(path), SCHEMA, statement]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("the superuser may write everywhere, and there is no setpriv to drop that right")
        command = [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--", *command]
    with unwritable(path.parent):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert 0 == done.returncode, done.stderr
    return done.stdout.strip()


def kill_a_writer(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, path], check=False, capture_output=True)  # noqa: S603
    assert -signal.SIGKILL == killed.returncode, killed.stderr
    assert [path.name, f"{path.name}-journal"] == files_beside(path)


OLD = f"[(1000, 'old{'x' * 1000}', 'old{'x' * 1000}')]"


def test_who_may_only_read_reads_a_file(file: Path) -> None:
    assert OLD == read_without_rights(file)


def test_who_may_only_read_reads_what_is_committed_while_another_process_writes(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE words SET word = 'new'")
        assert OLD == read_without_rights(file)


def test_who_may_only_read_reads_what_was_committed_before_a_run_was_killed(file: Path) -> None:
    kill_a_writer(file)
    assert OLD == read_without_rights(file)


def test_who_reads_after_a_run_was_killed_leaves_the_rest_to_the_next_run(file: Path) -> None:
    kill_a_writer(file)
    with closing(Database(file, SCHEMA, read_only=True)) as db:
        assert OLD == str(db.rows(WORDS))
    assert [file.name, f"{file.name}-journal"] == files_beside(file)
    with closing(Database(file, SCHEMA)) as db:
        assert OLD == str(db.rows(WORDS))
    assert [file.name] == files_beside(file)


def test_a_reader_sees_each_transaction_whole_while_they_are_written(file: Path) -> None:
    seen = []
    with closing(Database(file, SCHEMA)) as writer, closing(Database(file, SCHEMA, read_only=True)) as reader:
        for turn in range(20):
            with writer.transaction():
                writer.rows("UPDATE words SET word = ?", (f"{turn:03}",))
                seen += reader.rows(WORDS)
            seen += reader.rows(WORDS)
    assert [] == [row for row in seen if row[1] != row[2]]
    assert [(1000, f"{turn:03}", f"{turn:03}") for turn in range(20)] == seen[1::2]


def test_who_reads_leaves_nothing_beside_the_file(file: Path) -> None:
    with closing(Database(file, SCHEMA, read_only=True)) as db:
        db.rows(WORDS)
        assert [file.name] == files_beside(file)
    assert [file.name] == files_beside(file)


def test_who_opens_to_read_cannot_write(file: Path) -> None:
    with closing(Database(file, SCHEMA, read_only=True)) as db, pytest.raises(MachineFailure, match="readonly"):
        db.rows("DELETE FROM words")


def test_a_file_that_is_not_there_is_empty_to_a_reader(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "none.sqlite", SCHEMA, read_only=True)) as db:
        assert [(0, None, None)] == db.rows(WORDS)
    assert [] == list(tmp_path.iterdir())


def test_a_table_that_an_older_version_did_not_have_is_empty_to_a_reader(file: Path) -> None:
    with closing(Database(file, MORE, read_only=True)) as db:
        assert ([(0,)], 1000) == (db.rows("SELECT count(*) FROM others"), db.rows(WORDS)[0][0])


def with_log(file: Path) -> None:
    """Make the file as an older version did: with a write-ahead log."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode=WAL").fetchall()
        db.execute("UPDATE words SET word = word").fetchall()
    assert b"\x02\x02" == file.read_bytes()[18:20]


def test_who_may_only_read_reads_a_file_of_an_older_version(file: Path) -> None:
    with_log(file)
    assert OLD == read_without_rights(file)
    assert [file.name] == files_beside(file)


def test_who_may_only_read_reads_the_log_of_a_run_of_an_older_version(file: Path) -> None:
    with_log(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("UPDATE words SET word = 'in the log'")
        assert f"{file.name}-wal" in files_beside(file)
        assert "[(1000, 'in the log', 'in the log')]" == read_without_rights(file)


def test_the_next_run_ends_the_log_of_an_older_version(file: Path) -> None:
    with_log(file)
    with closing(Database(file, SCHEMA)) as db:
        assert [(1000,)] == db.rows("SELECT count(*) FROM words")
    assert b"\x01\x01" == file.read_bytes()[18:20]


def test_what_is_not_a_database_is_a_failure_that_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite"
    file.write_bytes(b"no database" * 1000)
    with pytest.raises(MachineFailure, match=r"words\.sqlite"):
        Database(file, SCHEMA, read_only=True)
