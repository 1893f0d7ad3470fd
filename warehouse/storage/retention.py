"""Which snapshots, failed builds and leftovers of interrupted runs are kept, and which are removed.

The documents of the landing are never removed, quarantined versions included.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import CheckFailed, MachineFailure
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.disk import machine_failures, make_folder
from nascar_warehouse.warehouse.storage.snapshots import read_snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nascar_warehouse.warehouse.storage.home import Home

QUARANTINED_BUILDS = 3
"""How many failed builds are kept: a schedule fails every day until the cause is fixed."""

QUARANTINED_DAYS = 30
"""The age in days at which `nascar gc` removes a failed build."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A file or folder to remove: its kind, the reason, and how much space that frees."""

    kind: str
    path: Path
    modified_at: datetime
    freed_bytes: int
    why: str


@contextmanager
def quarantining(home: Home, finished: Path) -> Iterator[None]:
    """Keep a finished, closed build when its checks fail, and add its path to the error's advice."""
    try:
        yield
    except CheckFailed as error:
        with suppress(MachineFailure):  # The failed check is the news, not a file that cannot be kept.
            path = _quarantine(home, finished)
            error.advice += f"; the build that failed can be queried: {path}"
        raise


def quarantined_builds(home: Home) -> list[Path]:
    """The failed builds that are kept, oldest first."""
    with machine_failures(home.quarantined):
        return sorted(home.quarantined.glob("nascar-*.duckdb")) if home.quarantined.is_dir() else []


def plan_removals(home: Home, *, keep: int, older_than_days: int | None, now: datetime) -> list[Removal]:
    """What can be removed. Call under the lock, so that no build is running.

    The `keep` snapshots with the highest numbers stay, with `older_than_days` also those that are not older, and always
    the published one. Failed builds are removed when they are older than `older_than_days`, or `QUARANTINED_DAYS`.
    """
    with machine_failures(home.root):
        snapshots = [snapshot for snapshot in read_snapshots(home) if not snapshot.is_published]
        removals = [
            _removal("snapshot", snapshot.path, f"beyond the newest {keep}")
            for snapshot in snapshots[: -keep or None]
            if older_than_days is None or _is_older(snapshot.path, older_than_days, now)
        ]
        days = QUARANTINED_DAYS if older_than_days is None else older_than_days
        removals += [
            _removal("failed build", path, f"older than {days} days")
            for path in quarantined_builds(home)
            if _is_older(path, days, now)
        ]
        left = [path for folder in (home.snapshots, home.quarantined) for path in folder.glob("*.partial")]
        if home.building.is_dir():
            left.append(home.building)
        removals += [_removal("interrupted build", path, "left by an interrupted run") for path in left]
    return removals


def collect_garbage(
    home: Home, *, keep: int, older_than_days: int | None = None, is_dry: bool = False
) -> tuple[Rows, str]:
    """Remove what can be removed; returns one row a file or folder, and a summary in words.

    `is_dry` removes nothing. A file that cannot be removed raises `MachineFailure`; those before it are removed.
    """
    if not home.root.is_dir():
        return _rows([]), "nothing to remove"
    with home.lock("gc"):
        removals = plan_removals(home, keep=keep, older_than_days=older_than_days, now=datetime.now(UTC))
        for removal in [] if is_dry else removals:
            _remove(removal.path)
    freed = sum(removal.freed_bytes for removal in removals)
    if not removals:
        return _rows([]), "nothing to remove"
    return _rows(removals), f"{'would free' if is_dry else 'freed'} {freed / 1e6:.1f} MB of {len(removals)} builds"


def _rows(removals: Sequence[Removal]) -> Rows:
    return Rows(
        ["what", "modified_at", "freed_mb", "why", "path"],
        [
            [removal.kind, removal.modified_at, round(removal.freed_bytes / 1e6, 1), removal.why, str(removal.path)]
            for removal in removals
        ],
    )


def _remove(path: Path) -> None:
    with machine_failures(path):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _quarantine(home: Home, finished: Path) -> Path:
    path = make_folder(home.quarantined) / f"nascar-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.duckdb"
    with machine_failures(path):
        finished.replace(path)
        for old in quarantined_builds(home)[:-QUARANTINED_BUILDS]:
            old.unlink(missing_ok=True)
    return path


def _removal(kind: str, path: Path, why: str) -> Removal:
    status = path.stat()
    files = [file.stat() for file in path.rglob("*") if file.is_file()] if path.is_dir() else [status]
    # Removing one of several links to a file frees nothing.
    freed = sum(file.st_size for file in files if file.st_nlink == 1)
    return Removal(kind, path, datetime.fromtimestamp(status.st_mtime, UTC), freed, why)


def _is_older(path: Path, days: int, now: datetime) -> bool:
    return now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > timedelta(days=days)
