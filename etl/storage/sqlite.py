"""A small SQLite file of ours: whole through a crash, and its failures said as ours."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.storage.disk import as_machine_failure, machine_failures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


class Database:
    """An open file; what SQLite cannot do raises `MachineFailure` with its path."""

    def __init__(self, path: Path, schema: str, *, read_only: bool = False) -> None:
        """With `read_only` nothing is written or made; a file that is not there is empty."""
        self._path = path
        with machine_failures(path), self._failures():
            if read_only:
                self._db = _open_to_read(path, schema)
                return
            self._db = sqlite3.connect(path, isolation_level=None)
            try:
                # The write-ahead log keeps each transaction whole through a crash of the process.
                self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {schema}")
            except sqlite3.DatabaseError:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement and give all its rows."""
        with self._failures():
            return self._db.execute(statement, parameters).fetchall()

    def write_many(self, statement: str, parameters: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of parameters."""
        with self._failures():
            self._db.executemany(statement, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is written inside, or nothing."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # A full disk has rolled back already.
                self.rows("ROLLBACK")
            raise

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise as_machine_failure(error, self._path) from error


def _open_to_read(path: Path, schema: str) -> sqlite3.Connection:
    """Open a file that others may be writing, in a folder that this user may be unable to write to."""
    if not path.exists():
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.executescript(schema)
        return db
    # Reading through the log needs its index, which SQLite would make and leave there, perhaps as another user than
    # the one that has to write. Without a log nobody is writing, and the file alone is whole.
    is_written = path.with_name(f"{path.name}-wal").exists()
    mode = "mode=ro" if is_written else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
