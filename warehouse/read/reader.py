"""A reader for programs that stay open, such as a server or a notebook: it finds each new warehouse without a restart.

DuckDB keeps one instance for each path in a process: while any connection of the process is open,
`duckdb.connect(path)` gives the file that this path had when the first of them was opened, also after another took its
place. A database that is attached belongs to its own instance, so attaching opens the file that is there.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.read.guard import parse_read
from nascar_warehouse.warehouse.read.sandbox import Sandbox
from nascar_warehouse.warehouse.storage.connection import open_locked, require_published

if TYPE_CHECKING:
    from types import TracebackType

    import duckdb
    import polars as pl

    from nascar_warehouse.warehouse.read.sandbox import Answer, Limits
    from nascar_warehouse.warehouse.read.stopper import Stopper
    from nascar_warehouse.warehouse.storage.home import Home


class GuardedCursor:
    """A cursor that runs one reading statement at a time; anything else raises `UsageError` and does not run.

    It has what a DuckDB cursor has for reading. The engine's own errors, such as a name that does not exist, are
    `duckdb.Error`.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def execute(self, sql: str, parameters: object = None) -> GuardedCursor:
        """Run a statement, with parameters where it has any; then fetch its rows from this cursor."""
        *first, last = parse_read(self._cursor, sql)
        for step in first:
            self._cursor.execute(step)
        self._cursor.execute(last, parameters)
        return self

    def sql(self, sql: str) -> duckdb.DuckDBPyRelation:
        """The relation that a statement gives, not yet read."""
        *first, last = parse_read(self._cursor, sql)
        for step in first:
            self._cursor.execute(step)
        return self._cursor.sql(last)

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        """The columns of the last statement: name and type first, None before there is one."""
        return self._cursor.description

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, None after the last."""
        return self._cursor.fetchone()

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """The next rows, at most `size` of them."""
        return self._cursor.fetchmany(size)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return self._cursor.fetchall()

    def pl(self) -> pl.DataFrame:
        """All rows that are left, as a polars frame."""
        return self._cursor.pl()

    def close(self) -> None:
        """Close the cursor."""
        self._cursor.close()

    def __enter__(self) -> GuardedCursor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Reader:
    """Reads the published warehouse, always the newest. May be shared between threads.

    Statements of strangers go through `query`, which runs each in a process with limits. `cursor` is for statements of
    the program itself: it refuses what does not read, but a statement may take all of this process's time and memory.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._sandbox = Sandbox(home)
        self._lock = threading.Lock()
        self._fingerprint = ""
        self._instance: duckdb.DuckDBPyConnection | None = None

    def cursor(self) -> GuardedCursor:
        """A cursor on what is published now, for reading; for one thread, and to be closed after use.

        What was published when it was made stays under it, whole, as long as it is open: ask for another one for each
        question, or for each group of questions whose answers have to agree. `UsageError` when nothing is published
        yet, `MachineFailure` when the file cannot be read.
        """
        return GuardedCursor(self.own_cursor())

    def own_cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor as `cursor` gives, without the guard: only for statements that are part of this program."""
        with self._lock:
            cursor = self._current().cursor()
        cursor.execute("USE nascar")
        return cursor

    def query(self, sql: str, limits: Limits | None = None, stopper: Stopper | None = None) -> Answer:
        """Start a stranger's statement in the sandbox; read its answer while it arrives, and close it.

        `stopper` can end it from another thread.

        Raises `UsageError` when it is refused, fails or goes beyond its limits.
        """
        return self._sandbox.run(sql, limits, stopper)

    def close(self) -> None:
        """Close the file and end the statements of `query`; cursors in use keep their file until they are closed."""
        self._sandbox.close()
        with self._lock:
            self._instance, self._fingerprint = None, ""

    def _current(self) -> duckdb.DuckDBPyConnection:
        # The fingerprint is read first: a file that is published in between is opened again, never overlooked.
        fingerprint = self._home.published_fingerprint()
        if not fingerprint:
            require_published(self._home)
        if self._instance is None or fingerprint != self._fingerprint:
            # The old one is not closed, which would close its cursors: it ends with the last of them.
            self._instance, self._fingerprint = open_locked(self._home.published), fingerprint
        return self._instance
