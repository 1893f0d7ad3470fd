"""The disk: files that are linked, flushed and compared, and its errors translated to `MachineFailure`."""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import MachineFailure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("no space left", "disk is full", "file too large", "quota exceeded", "could not write", "disk i/o error")
_DAMAGED_WORDS = ("file is not a database", "database disk image is malformed")
"""What SQLite says of a file."""


@contextmanager
def machine_failures(path: Path) -> Iterator[None]:
    """Translate an `OSError` at `path` to `MachineFailure`."""
    try:
        yield
    except OSError as error:
        raise as_machine_failure(error, path) from error


def as_machine_failure(error: BaseException, path: Path) -> MachineFailure:
    """The `MachineFailure` for an error at `path`: what this machine could not do, and what to change."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if is_disk_full(error):
        return MachineFailure(
            f"the disk is full or a file-size limit is reached at {path}: {text}",
            "free some space or raise the limit, then run the same command again; the published warehouse is whole",
        )
    if "not a valid DuckDB database file" in text:
        return MachineFailure(
            f"cannot use {path}: it is not a DuckDB file, or a damaged one", "run `nascar rollback` or `nascar rebuild`"
        )
    if any(words in text for words in _DAMAGED_WORDS):
        return MachineFailure(
            f"cannot use {path}: it is damaged: {text}",
            "restore it from a backup, or move it away: the next run begins a new one, without what was in it",
        )
    return MachineFailure(
        f"cannot use {path}: {text}",
        "check the path and its permissions, or set NASCAR_HOME to a folder that you can write to",
    )


@contextmanager
def duckdb_failures(path: Path) -> Iterator[None]:
    """Translate DuckDB's errors about the file at `path` to `MachineFailure`."""
    try:
        yield
    except Exception as error:
        # Imported only here: a command that only reads does without the package.
        import duckdb

        if isinstance(error, duckdb.Error) and (isinstance(error, _failures()) or is_disk_full(error)):
            raise as_machine_failure(error, path) from error
        raise


def _failures() -> tuple[type[Exception], ...]:
    import duckdb

    return (
        duckdb.IOException,
        duckdb.OutOfMemoryException,
        duckdb.FatalException,
        duckdb.InternalException,
        duckdb.InvalidInputException,
    )


def is_disk_full(error: BaseException) -> bool:
    """Whether an error of the operating system, SQLite or DuckDB means that a write found no room."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return any(words in str(error).lower() for words in _FULL_WORDS)


def flush_to_disk(path: Path) -> None:
    """Wait until a file is on the disk, so that it survives a power cut; raises `MachineFailure`."""
    with machine_failures(path), path.open("rb") as file:
        os.fsync(file.fileno())


def make_folder(path: Path) -> Path:
    """Make `path` and its parents if they are missing, and return it; raises `MachineFailure`."""
    with machine_failures(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


def link_or_copy(file: Path, other: Path) -> Path:
    """Give a file a second path, by a hard link, or by a copy where the file system has no links; returns `other`."""
    try:
        other.hardlink_to(file)
    except OSError:
        partial = other.with_suffix(".partial")
        try:
            shutil.copy2(file, partial)
            partial.replace(other)
        finally:
            partial.unlink(missing_ok=True)
    return other


def is_same_file(file: Path, other: Path) -> bool:
    """Whether both paths are one file, or a copy of it where the file system has no links."""
    try:
        one, two = file.stat(), other.stat()
    except FileNotFoundError:  # A reader holds no lock: a run may just have removed it.
        return False
    if (one.st_size, one.st_mtime_ns) != (two.st_size, two.st_mtime_ns):
        return False
    return file.samefile(other) or filecmp.cmp(file, other, shallow=False)
