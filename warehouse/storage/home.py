"""The home of a warehouse: where its files are, who may write, and how a new one takes the place of the old.

    nascar.duckdb   the published warehouse; replaced in one step, never written
    landing/        the kept documents, in one SQLite file
    journal.sqlite  the accounts of the runs
    snapshots/      earlier warehouses by number, newest last
    quarantined/    the last builds whose checks failed, for a person to look at
    building/       the warehouse under construction
    lock            held by the one process that writes

A reader that has the published file open keeps the old content; whoever opens it later gets the new one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import WarehouseBusy
from nascar_warehouse.warehouse.storage.disk import (
    duckdb_failures,
    flush_to_disk,
    is_same_file,
    link_or_copy,
    machine_failures,
    make_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

_MEMORY_LIMIT = "800MB"
"""What DuckDB may take for a build before it writes to disk; with half of it, twice all of history did."""
_SNAPSHOT = re.compile(r"nascar-(\d{6,})\.duckdb", re.ASCII)
_BLOCK_BYTES = 16_384
"""The smallest that DuckDB has: a warehouse has many small tables, and each takes whole blocks."""

_WRITING = (
    "SET enable_progress_bar = false",
    # An unfinished build is thrown away, so nothing needs a log, and the file is written when everything is in it.
    "SET checkpoint_threshold = '1GB'",
    # Trying these on each column takes as long as the rest of writing, and saves nothing that a dictionary does not.
    "SET disabled_compression_methods = 'fsst,dict_fsst,zstd'",
)


@dataclass(frozen=True, slots=True)
class Home:
    """The paths below one folder. Nothing is made until something is written."""

    root: Path

    @property
    def published(self) -> Path:
        """The warehouse that analysts read."""
        return self.root / "nascar.duckdb"

    @property
    def stale_log(self) -> Path:
        """A write-ahead log beside the published warehouse; it never belongs to it, and usually is not there."""
        return self.root / "nascar.duckdb.wal"

    def stale_log_notice(self) -> str:
        """What to do about a write-ahead log beside the published warehouse; "" when there is none."""
        try:
            if not self.stale_log.exists():
                return ""
        except OSError:  # A home that cannot be entered; the command itself says so.
            return ""
        return (
            f"{self.stale_log} does not belong to the published warehouse: another program opened the file for"
            " writing. It is ignored here, but other programs apply it: close that program, then remove the log"
        )

    @property
    def landing(self) -> Path:
        """The kept documents."""
        return self.root / "landing"

    @property
    def journal(self) -> Path:
        """What runs left for the next ones and for people."""
        return self.root / "journal.sqlite"

    @property
    def snapshots(self) -> Path:
        """The earlier warehouses."""
        return self.root / "snapshots"

    @property
    def quarantined(self) -> Path:
        """Builds whose checks failed."""
        return self.root / "quarantined"

    @property
    def building(self) -> Path:
        """Where the next warehouse is built."""
        return self.root / "building"

    @contextmanager
    def lock(self, purpose: str, *, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the right to write; `WarehouseBusy` names the holder when it is not to be had within `wait_seconds`.

        The system releases the lock when the holder ends, however it ends.
        """
        from filelock import FileLock, Timeout

        make_folder(self.root)
        holder = self.root / "lock.holder"
        lock = FileLock(self.root / "lock", timeout=wait_seconds)
        with machine_failures(self.root / "lock"):
            try:
                lock.acquire()
            except Timeout as error:
                raise WarehouseBusy(
                    f"{self.root} is being written by {_holder(holder)}",
                    "try again when it has finished; readers are not affected",
                ) from error
        try:
            with machine_failures(holder):
                holder.write_text(
                    json.dumps({"process": os.getpid(), "purpose": purpose, "since": datetime.now(UTC).isoformat()})
                )
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    @contextmanager
    def next_warehouse(self) -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
        """Open an empty warehouse that nobody else sees; it is gone afterwards unless it was published.

        Call only under the lock: what an interrupted build left behind is removed first.
        """
        import duckdb

        with machine_failures(self.building):
            shutil.rmtree(self.building, ignore_errors=True)
        path = make_folder(self.building) / "next.duckdb"
        quoted = str(path).replace("'", "''")
        spill = str(self.building / "spill")
        try:
            with duckdb_failures(path):
                con = duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": spill})
                for setting in _WRITING:
                    con.execute(setting)
                con.execute(f"ATTACH '{quoted}' AS next (RECOVERY_MODE NO_WAL_WRITES, BLOCK_SIZE {_BLOCK_BYTES})")
                con.execute("USE next")
            try:
                yield path, con
            finally:
                con.close()
        finally:
            shutil.rmtree(self.building, ignore_errors=True)

    @staticmethod
    def finish(path: Path, con: duckdb.DuckDBPyConnection) -> None:
        """Write a built warehouse out whole and let go of it."""
        with duckdb_failures(path):
            con.execute("USE memory")
            con.execute("DETACH next")

    def publish(self, finished: Path, *, keep: int) -> None:
        """Put a finished, closed warehouse in the place of the published one, which becomes the newest snapshot.

        At every moment a reader finds the old or the new file, whole. `keep` snapshots remain, the replaced one first:
        it has a low number when a rollback had put it back.
        """
        with machine_failures(self.published):
            flush_to_disk(finished)
            replaced = self.keep_published() if keep else None
            self._replace_published(finished)
            newest_last = sorted(self.snapshot_files(), key=lambda path: path == replaced)
            for old in newest_last[: -keep or None]:
                old.unlink(missing_ok=True)

    def restored_snapshot(self, snapshot: Path) -> None:
        """Put a snapshot, which stays, in the place of the published warehouse, which becomes a snapshot too.

        Call under the lock, with a path of `staged`.
        """
        with machine_failures(self.published):
            flush_to_disk(snapshot)
            self.keep_published()
            self._replace_published(snapshot)

    @contextmanager
    def stage_snapshot(self, snapshot: Path) -> Iterator[Path]:
        """Have a snapshot under construction, as the file that `put_back` publishes, with the identity it will have."""
        with machine_failures(self.building):
            shutil.rmtree(self.building, ignore_errors=True)
        try:
            with machine_failures(snapshot):
                yield link_or_copy(snapshot, make_folder(self.building) / "next.duckdb")
        finally:
            shutil.rmtree(self.building, ignore_errors=True)

    def snapshot_files(self) -> list[Path]:
        """The snapshots, oldest first."""
        with machine_failures(self.snapshots):
            files = self.snapshots.iterdir() if self.snapshots.is_dir() else ()
            return sorted((file for file in files if _SNAPSHOT.fullmatch(file.name)), key=snapshot_number)

    def published_number(self) -> int:
        """The number of the published warehouse, which it gets for good when it becomes a snapshot."""
        if kept := self._published_snapshot():
            return snapshot_number(kept)
        return max(map(snapshot_number, self.snapshot_files()), default=0) + 1

    def published_fingerprint(self) -> str:
        """Tells one published file from another; "" when there is none."""
        return identity(self.published)

    def keep_published(self) -> Path | None:
        """Make the published warehouse a snapshot, unless it is one already; returns that, None when there is none."""
        if not self.published.exists():
            return None
        if kept := self._published_snapshot():
            return kept
        number = self.published_number()
        return link_or_copy(self.published, make_folder(self.snapshots) / f"nascar-{number:06}.duckdb")

    def _replace_published(self, file: Path) -> None:
        """Put a file in the place of the published warehouse, read-only, and remove a log that lies beside it.

        The log goes first, so that no reader applies it to the new file, and again afterwards, in case a program that
        still has the old file open wrote one in between.
        """
        file.chmod(0o444)
        self.stale_log.unlink(missing_ok=True)
        file.replace(self.published)
        self.stale_log.unlink(missing_ok=True)

    def _published_snapshot(self) -> Path | None:
        """The snapshot that the published warehouse is; only a rollback makes that so."""
        if not self.published.exists():
            return None
        return next((file for file in self.snapshot_files() if is_same_file(file, self.published)), None)


def snapshot_number(snapshot: Path) -> int:
    """The number in the name of a snapshot."""
    return int(snapshot.stem.removeprefix("nascar-"))


def identity(warehouse: Path) -> str:
    """Tells one warehouse file from another, also after it was renamed; "" when there is none."""
    try:
        status = warehouse.stat()
    except FileNotFoundError:
        return ""
    return f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}"


def _holder(path: Path) -> str:
    try:
        known = json.loads(path.read_text())
        return f"process {known['process']} ({known['purpose']}, since {known['since'][:19]} UTC)"
    except (OSError, ValueError, LookupError, TypeError):
        return "another process"
