"""The published warehouse under a page: one snapshot a request, always the newest, and an end for what takes long."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse import __version__
from nascar_warehouse.warehouse.read.reader import Reader
from nascar_warehouse.warehouse.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from nascar_warehouse.warehouse.read.sandbox import Answer, Limits
    from nascar_warehouse.warehouse.read.stopper import Stopper
    from nascar_warehouse.warehouse.storage.home import Home

Record = dict[str, object]


class Kept:
    """What was read once of a file, for all its readers. May be shared between threads: one reads, the others wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: dict[tuple[str, tuple[tuple[str, object], ...]], list[Record]] = {}

    def find(self, snapshot: Snapshot, sql: str, values: dict[str, object]) -> list[Record]:
        """The rows of a statement, from the snapshot when they are asked for first."""
        key = (sql, tuple(values.items()))
        if key not in self._records:
            with self._lock:
                if key not in self._records:
                    self._records[key] = snapshot.rows(sql, **values)
        return self._records[key]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A cursor on one published file, for one thread, and what names that file."""

    con: duckdb.DuckDBPyConnection
    snapshot_id: str
    published_at: datetime
    kept: Kept
    """What `kept_rows` read of this file, shared by its cursors."""

    def kept_rows(self, sql: str, **values: object) -> list[Record]:
        """As `rows`, read once a file: for statements that few values can be given to. Do not change the records."""
        return self.kept.find(self, sql, values)

    def rows(self, sql: str, **values: object) -> list[Record]:
        """The rows of a statement of ours, as records; `values` are its parameters by name."""
        rows = fetch_rows(self.con.execute(sql, values or None))
        return [dict(zip(rows.columns, row, strict=True)) for row in rows.values]

    def row(self, sql: str, **values: object) -> Record | None:
        """The first row, None when there is none."""
        return next(iter(self.rows(sql, **values)), None)


class Published:
    """Opens snapshots. May be shared between threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._reader = Reader(home)
        self._lock = threading.Lock()
        self._kept = ("", Kept())

    def snapshot_id(self) -> str:
        """The id of what is published now, of this program; "" when nothing is."""
        fingerprint = self._home.published_fingerprint()
        text = f"{__version__} {fingerprint}"
        return hashlib.sha256(text.encode()).hexdigest()[:16] if fingerprint else ""

    @contextmanager
    def open(self) -> Iterator[Snapshot]:
        """What is published now; it stays whole under the block. Raises as `Reader.cursor`."""
        snapshot_id, con = self._open_cursor()
        try:
            moment = datetime.fromtimestamp(self._home.published.stat().st_mtime, UTC)
            yield Snapshot(con, snapshot_id, moment, self._kept_of(snapshot_id))
        finally:
            con.close()

    def _kept_of(self, snapshot_id: str) -> Kept:
        with self._lock:
            if self._kept[0] != snapshot_id:
                self._kept = (snapshot_id, Kept())
            return self._kept[1]

    def _open_cursor(self) -> tuple[str, duckdb.DuckDBPyConnection]:
        """A cursor and the id of its file: the same before and after it was opened."""
        while True:
            snapshot_id = self.snapshot_id()
            con = self._reader.own_cursor()
            if snapshot_id == self.snapshot_id():
                return snapshot_id, con
            con.close()

    def query(self, sql: str, limits: Limits, stopper: Stopper) -> Answer:
        """Start a stranger's statement in the sandbox, which `stopper` can end; raises `UsageError`."""
        return self._reader.query(sql, limits, stopper)

    def close(self) -> None:
        """Close the file and the sandbox."""
        self._reader.close()
