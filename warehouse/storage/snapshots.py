"""The warehouses of a home: the published one and its snapshots, each with a number."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import MachineFailure, UsageError
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import open_warehouse
from nascar_warehouse.warehouse.storage.disk import machine_failures
from nascar_warehouse.warehouse.storage.home import snapshot_number

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from pathlib import Path

    from nascar_warehouse.warehouse.storage.home import Home


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A warehouse file, also the published one; `built_at` is UTC, a copy has the same `fingerprint`."""

    number: int
    path: Path
    built_at: datetime
    size_bytes: int
    fingerprint: str
    is_published: bool


def read_snapshots(home: Home) -> list[Snapshot]:
    """All warehouses of a home by number, the published one among them, once."""
    with machine_failures(home.root):
        known = {}
        for path in home.snapshot_files():
            with suppress(FileNotFoundError):  # A reader holds no lock: a run may just have removed it.
                known[snapshot_number(path)] = _read(path, snapshot_number(path))
        if home.published.exists():
            number = home.published_number()
            known[number] = _read(home.published, number, is_published=True)
    return sorted(known.values(), key=lambda snapshot: snapshot.number)


def choose_snapshot(home: Home, number: int | None, rolled_back: Collection[str] = ()) -> Snapshot:
    """The snapshot with this number; without one, the newest before the published warehouse.

    One whose fingerprint is in `rolled_back` is chosen only by its number. Raises `UsageError` when there is none.
    """
    known = read_snapshots(home)
    here = next((snapshot for snapshot in known if snapshot.is_published), None)
    others = [snapshot for snapshot in known if snapshot is not here]
    if not others:
        raise UsageError(
            f"there is no snapshot in {home.snapshots}",
            "a run that publishes keeps the warehouse before it, unless NASCAR_SNAPSHOTS is 0;"
            " `nascar rebuild --as-of DATE` builds what was known on an earlier day",
        )
    if number is not None:
        return _numbered(others, here, number)
    before = [s for s in others if (here is None or s.number < here.number) and s.fingerprint not in rolled_back]
    if not before:
        raise UsageError("no snapshot is older than the published warehouse", f"name one with --to: {_listed(others)}")
    return before[-1]


def snapshot_rows(home: Home, rolled_back: Collection[str] = ()) -> Rows:
    """One row a warehouse, newest first; the contents are NULL where another version of the program built it."""
    rows = []
    for snapshot in reversed(read_snapshots(home)):
        state = "rolled back" if snapshot.fingerprint in rolled_back else "kept"
        state = "published" if snapshot.is_published else state
        try:
            contents = read_contents(snapshot.path)
        except MachineFailure:
            state, contents = f"{state}, unreadable", (None, None, None)
        size_mb = round(snapshot.size_bytes / 1e6, 1)
        rows.append([snapshot.number, state, snapshot.built_at, size_mb, *contents, str(snapshot.path)])
    return Rows(["number", "state", "built_at", "size_mb", "races", "last_race_date", "last_race", "path"], rows)


def read_contents(path: Path) -> tuple[int | None, date | None, str | None]:
    """How many races a warehouse has, and the date and name of the last one.

    None for each where another version of the program built it; a file that is no warehouse raises `MachineFailure`.
    """
    import duckdb

    with closing(open_warehouse(path)) as con:
        try:
            [row] = con.execute(_CONTENTS).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):
            return None, None, None
    return row


def _numbered(others: Sequence[Snapshot], here: Snapshot | None, number: int) -> Snapshot:
    if here is not None and here.number == number:
        raise UsageError(f"number {number} is the published warehouse", f"name another: {_listed(others)}")
    for snapshot in others:
        if snapshot.number == number:
            return snapshot
    raise UsageError(f"there is no snapshot {number}", f"there are {_listed(others)}; `nascar snapshots` shows them")


def _listed(snapshots: Sequence[Snapshot]) -> str:
    return ", ".join(str(snapshot.number) for snapshot in snapshots)


def _read(path: Path, number: int, *, is_published: bool = False) -> Snapshot:
    status = path.stat()
    built_at = datetime.fromtimestamp(status.st_mtime, UTC)
    return Snapshot(number, path, built_at, status.st_size, f"{status.st_size}-{status.st_mtime_ns}", is_published)


# Two races on one day: the name decides, so that the answer is always the same.
_CONTENTS = """
SELECT count(*), max(race_date), max_by(race_name, (race_date, race_name))
FROM core.races
"""
