"""A small SQLite file of a home: a transaction is whole, also through a crash; every failure is `MachineFailure`.

The files keep a rollback journal, not a write-ahead log: a user who may only read can then read them at any time,
without making a file beside them, while another process writes.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import MachineFailure
from nascar_warehouse.warehouse.storage.disk import as_machine_failure, machine_failures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_WAIT_SECONDS = 30.0
"""How long a reader waits for a transaction that is being written, and a writer for a reader."""

_COPY_ATTEMPTS = 5
_SUFFIXES = ("", "-journal", "-wal")


class Database:
    """An open file; what SQLite cannot do raises `MachineFailure` with its path."""

    def __init__(self, path: Path, schema: str, *, read_only: bool = False) -> None:
        """With `read_only` nothing is written or made: a file that is not there is empty, and so is a missing table."""
        self._path = path
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        with machine_failures(path), self._failures():
            self._db = self._open_to_read(schema) if read_only else _open_to_write(path, schema)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
        if self._copy is not None:
            self._copy.cleanup()

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement and return all its rows."""
        with self._failures():
            return self._db.execute(statement, parameters).fetchall()

    def run_many(self, statement: str, parameters: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of parameters, in the transaction that is open."""
        with self._failures():
            self._db.executemany(statement, parameters)

    def write_many(self, statement: str, parameters: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of parameters, in one transaction."""
        with self.transaction():
            self.run_many(statement, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything inside, or nothing."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # A full disk has rolled back already.
                self.rows("ROLLBACK")
            raise

    def _open_to_read(self, schema: str) -> sqlite3.Connection:
        """Open a file that others may be writing, in a folder that this user may be unable to write to."""
        if not self._path.exists():
            return _attach(None, schema)
        if _has_closed_log(self._path):
            return _attach(self._copy_whole(), schema)
        try:
            return _attach(self._path, schema)
        except sqlite3.OperationalError:
            # A run was killed in the middle of a transaction, and this user may not roll it back: a copy is his own.
            return _attach(self._copy_whole(), schema)

    def _copy_whole(self) -> Path:
        """Copy the file, with what a killed run left beside it, to a folder of this user."""
        self._copy = tempfile.TemporaryDirectory(prefix="nascar-")
        target = Path(self._copy.name) / self._path.name
        for _ in range(_COPY_ATTEMPTS):
            before = _identities(self._path)
            for suffix in _SUFFIXES:
                _beside(target, suffix).unlink(missing_ok=True)
                with suppress(FileNotFoundError):
                    shutil.copyfile(_beside(self._path, suffix), _beside(target, suffix))
            if before == _identities(self._path):
                with sqlite3.connect(target) as db:
                    db.execute("SELECT count(*) FROM sqlite_master").fetchall()  # rolls back, or reads the log
                db.close()
                return target
        raise MachineFailure(f"{self._path} changes while it is read", "another process is writing: run it again")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise as_machine_failure(error, self._path) from error


def _open_to_write(path: Path, schema: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_SECONDS)
    try:
        with suppress(sqlite3.OperationalError):  # A reader has an older version's log open.
            db.execute("PRAGMA journal_mode=DELETE").fetchall()
        db.executescript(f"PRAGMA synchronous=FULL; {schema}")
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _attach(path: Path | None, schema: str) -> sqlite3.Connection:
    """Read the tables of the file, and empty ones for those that it lacks because an older version wrote it."""
    db = sqlite3.connect("file::memory:", uri=True, isolation_level=None, timeout=_WAIT_SECONDS)
    try:
        if path is not None:
            db.execute("ATTACH ? AS kept", (f"{path.absolute().as_uri()}?mode=ro",))
            db.execute("SELECT count(*) FROM kept.sqlite_master").fetchall()
        # A name is looked up in the databases in the order in which they were attached.
        db.execute("ATTACH ':memory:' AS blank")
        known = sqlite3.connect(":memory:", isolation_level=None)
        known.executescript(schema)
        for (statement,) in known.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"):
            if not statement.startswith("CREATE TABLE sqlite_"):
                db.execute(statement.replace("CREATE TABLE ", "CREATE TABLE blank.", 1))
        known.close()
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _has_closed_log(path: Path) -> bool:
    """Whether an older version's log is closed: opening it as it is would leave files beside it."""
    with path.open("rb") as file:
        has_log = file.read(20)[18:20] == b"\x02\x02"
    return has_log and not _beside(path, "-wal").exists()


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")


def _identities(path: Path) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = []
    for suffix in _SUFFIXES:
        try:
            status = _beside(path, suffix).stat()
            found.append((status.st_size, status.st_mtime_ns))
        except FileNotFoundError:
            found.append(None)
    return found
