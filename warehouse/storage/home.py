"""The home of a warehouse: its files, the lock of the process that writes, and how a new warehouse is published.

    nascar.duckdb   the published warehouse; read-only, replaced in one step, never written
    landing/        the kept documents, in one SQLite file
    journal.sqlite  the run log
    snapshots/      earlier warehouses by number, newest last
    quarantined/    the last failed builds
    building/       the warehouse under construction
    lock            held by the one process that writes

A reader that has the published file open keeps the old content; one that opens it later gets the new content.
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
"""How much memory a build may use before DuckDB spills to disk; half of it makes a build of all history spill."""
_SNAPSHOT = re.compile(r"nascar-(\d{6,})\.duckdb", re.ASCII)
_BLOCK_BYTES = 16_384
"""The smallest block size of DuckDB: a warehouse has many small tables, and each takes whole blocks."""
ROW_GROUP = 16_384
"""The rows that DuckDB keeps in memory, uncompressed, before it writes them to the file; an eighth of what is usual.

To read one race touches few others then.
"""

_WRITING = (
    "SET enable_progress_bar = false",
    # An unfinished build is removed, so it needs no log; the file is written once everything is in it.
    "SET checkpoint_threshold = '1GB'",
    # Most of the statements are small: a second thread takes a third more CPU and saves no time.
    "SET threads = 1",
    # Rows go to the file as soon as they are enough for a row group.
    "SET write_buffer_row_group_count = 1",
    # Trying these on each column doubles the time of writing and saves no space over dictionaries.
    "SET disabled_compression_methods = 'fsst,dict_fsst,zstd'",
)

_READING_ALL = (
    # Freed memory goes back to the system at once. In a copy, where little is in memory, that takes a tenth more CPU.
    "SET allocator_flush_threshold = '1MB'",
    "SET allocator_bulk_deallocation_flush_threshold = '1MB'",
)


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one folder. Nothing is created before something is written."""

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
    def run_log(self) -> Path:
        """The run log."""
        return self.root / "journal.sqlite"

    @property
    def snapshots(self) -> Path:
        """The earlier warehouses."""
        return self.root / "snapshots"

    @property
    def quarantined(self) -> Path:
        """The failed builds."""
        return self.root / "quarantined"

    @property
    def building(self) -> Path:
        """Where the next warehouse is built."""
        return self.root / "building"

    @contextmanager
    def lock(self, purpose: str, *, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the lock for writing; `WarehouseBusy` names its holder when it is not free within `wait_seconds`.

        The system releases the lock when its holder ends, also when that is killed.
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
    def next_warehouse(self, *, is_copy: bool = False) -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
        """Open a warehouse that no reader sees; it is removed afterwards unless it was published.

        It is empty, or a copy of the published one without a log that lies beside that. Call only under the lock: what
        an interrupted build left is removed first.
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
                for setting in _WRITING if is_copy else (*_WRITING, *_READING_ALL):
                    con.execute(setting)
                if is_copy:
                    with machine_failures(path):
                        shutil.copyfile(self.published, path)
                sizes = f"BLOCK_SIZE {_BLOCK_BYTES}, ROW_GROUP_SIZE {ROW_GROUP}"
                con.execute(f"ATTACH '{quoted}' AS next (RECOVERY_MODE NO_WAL_WRITES, {sizes})")
                con.execute("USE next")
            try:
                # Any statement writes to the file when there are rows for a row group.
                with duckdb_failures(path):
                    yield path, con
            finally:
                con.close()
        finally:
            shutil.rmtree(self.building, ignore_errors=True)

    @staticmethod
    def finish(path: Path, con: duckdb.DuckDBPyConnection) -> None:
        """Write a built warehouse to its file and close the file."""
        with duckdb_failures(path):
            con.execute("USE memory")
            con.execute("DETACH next")

    def publish(self, finished: Path, *, keep: int, keeps_replaced: bool = True) -> None:
        """Replace the published warehouse with a finished, closed one; the replaced one becomes the newest snapshot.

        At every moment a reader finds the whole old or the whole new file. `keep` snapshots remain, the replaced one
        among them even if its number is low, as that of a restored snapshot is, and unless it is not to be kept.
        """
        with machine_failures(self.published):
            flush_to_disk(finished)
            replaced = self._settle_replaced(is_kept=keeps_replaced) if keep else None
            self._replace_published(finished)
            newest_last = sorted(self.snapshot_files(), key=lambda path: path == replaced)
            for old in newest_last[: -keep or None]:
                old.unlink(missing_ok=True)

    def restore_snapshot(self, snapshot: Path, *, keeps_replaced: bool = True) -> None:
        """Publish a snapshot, which stays one; the replaced warehouse becomes one too, unless it is not to be kept.

        Call under the lock, with the path that `stage_snapshot` gives.
        """
        with machine_failures(self.published):
            flush_to_disk(snapshot)
            self._settle_replaced(is_kept=keeps_replaced)
            self._replace_published(snapshot)

    @contextmanager
    def stage_snapshot(self, snapshot: Path) -> Iterator[Path]:
        """A second path of a snapshot, for `restore_snapshot`; its fingerprint stays the same when it is published."""
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
        """The number that the published warehouse will have as a snapshot, or has when it is one."""
        if kept := self._published_snapshot():
            return snapshot_number(kept)
        return max(map(snapshot_number, self.snapshot_files()), default=0) + 1

    def published_fingerprint(self) -> str:
        """The fingerprint of the published file; "" when there is none."""
        return fingerprint_of(self.published)

    def keep_published(self) -> Path | None:
        """Make the published warehouse a snapshot unless it is one already; None when nothing is published."""
        if not self.published.exists():
            return None
        if kept := self._published_snapshot():
            return kept
        number = self.published_number()
        return link_or_copy(self.published, make_folder(self.snapshots) / f"nascar-{number:06}.duckdb")

    def _settle_replaced(self, *, is_kept: bool) -> Path | None:
        """Make the published warehouse a snapshot, or see to it that it is none."""
        if is_kept:
            return self.keep_published()
        if same := self._published_snapshot():  # after a rollback
            same.unlink()
        return None

    def _replace_published(self, file: Path) -> None:
        """Publish a file, read-only, and remove a write-ahead log beside it.

        The log goes first, so that no reader applies it to the new file, and again afterwards, in case a program that
        still has the old file open wrote one in between.
        """
        file.chmod(0o444)
        self.stale_log.unlink(missing_ok=True)
        file.replace(self.published)
        self.stale_log.unlink(missing_ok=True)

    def _published_snapshot(self) -> Path | None:
        """The snapshot that is the same file as the published warehouse; there is one only after a rollback."""
        if not self.published.exists():
            return None
        return next((file for file in self.snapshot_files() if is_same_file(file, self.published)), None)


def snapshot_number(snapshot: Path) -> int:
    """The number in the name of a snapshot."""
    return int(snapshot.stem.removeprefix("nascar-"))


def fingerprint_of(warehouse: Path) -> str:
    """Differs between any two warehouse files and stays the same when one is renamed; "" when there is no file."""
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
