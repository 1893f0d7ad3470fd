"""A reader that lives long, such as a server or a notebook, and sees each new warehouse without a restart.

DuckDB keeps one instance for each path in a process: while any connection of the process is open,
`duckdb.connect(path)` gives the file that this path had when the first of them was opened, also after another took its
place. A database that is attached belongs to its own instance, so attaching opens the file that is there.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.storage.home import duckdb_failures

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.storage.home import Home


class Reader:
    """Gives cursors on the published warehouse, always the newest. May be shared between threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._identity = ""
        self._instance: duckdb.DuckDBPyConnection | None = None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor on what is published now, for reading; for one thread, and to be closed after use.

        What was published when it was made stays under it, whole, as long as it is open: ask for another one for each
        question, or for each group of questions whose answers have to agree. `UsageError` when nothing is published
        yet, `MachineFailure` when the file cannot be read.
        """
        with self._lock:
            cursor = self._current().cursor()
        cursor.execute("USE nascar")
        cursor.execute("SET enable_progress_bar = false")
        return cursor

    def close(self) -> None:
        """Let go of the file; cursors in use keep theirs until they are closed."""
        with self._lock:
            self._instance, self._identity = None, ""

    def _current(self) -> duckdb.DuckDBPyConnection:
        # The identity is read first: a file that is published in between is opened again, never overlooked.
        identity = self._home.published_fingerprint()
        if not identity:
            raise UsageError(
                f"there is no warehouse at {self._home.published} yet",
                "run `nascar build`, or `nascar ingest` to fetch the feeds",
            )
        if self._instance is None or identity != self._identity:
            # The old one is not closed, which would close its cursors: it ends with the last of them.
            self._instance, self._identity = self._open(), identity
        return self._instance

    def _open(self) -> duckdb.DuckDBPyConnection:
        quoted = str(self._home.published).replace("'", "''")
        with duckdb_failures(self._home.published):
            instance = duckdb.connect()
            instance.execute(f"ATTACH '{quoted}' AS nascar (READ_ONLY)")
            return instance
