"""Put an earlier warehouse back in the place of the published one, and remember that a person wanted it so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import (
    note_rolled_back,
    open_problems,
    read_state,
    rolled_back_marks,
    write_state,
)
from nascar_warehouse.etl.storage.run_log import Run, RunLog
from nascar_warehouse.warehouse.storage.home import identity
from nascar_warehouse.warehouse.storage.snapshots import choose_snapshot, read_contents, read_snapshots, snapshot_rows

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.rows import Rows
    from nascar_warehouse.warehouse.storage.home import Home
    from nascar_warehouse.warehouse.storage.snapshots import Snapshot


def roll_back(home: Home, number: int | None = None) -> str:
    """Publish the snapshot with this number, or the one before the published warehouse; returns what was done.

    The published one stays as a snapshot. No snapshot to take is `UsageError`, one that is no warehouse
    `MachineFailure`; both leave everything as it was.
    """
    choose_snapshot(home, number)  # Before the lock, which would make a home where there is none.
    started_at = datetime.now(UTC)
    with home.lock("rollback"), Landing(home.landing) as landing, RunLog(home.journal) as journal:
        marks = set(rolled_back_marks(journal))
        chosen = choose_snapshot(home, number, marks)
        read_contents(chosen.path)
        before = next((snapshot for snapshot in read_snapshots(home) if snapshot.is_published), None)
        with home.stage_snapshot(chosen.path) as staged:
            # What is remembered before the file is in place means nothing until it is; the other way round, a run after
            # a crash in between would build over it.
            _remember(home, landing, journal, identity(staged), chosen.number)
            home.restored_snapshot(staged)
        if before is not None:
            marks.add(before.mark)
        known = {snapshot.mark for snapshot in read_snapshots(home)}
        note_rolled_back(journal, marks & known - {chosen.mark})
        done = _told(chosen, before)
        journal.record(Run("rollback", started_at, datetime.now(UTC), exit_code=0, is_published=True, warnings=done))
    return done


def list_snapshots(home: Home) -> Rows:
    """What there is to go back to; reads only."""
    with RunLog(home.journal, read_only=True) as journal:
        return snapshot_rows(home, rolled_back_marks(journal))


def _remember(home: Home, landing: Landing, journal: RunLog, identity_of_staged: str, number: int) -> None:
    # A document that came and is in no published warehouse yet is still news; as of an earlier day nothing is known.
    state = read_state(home, journal)
    known = state.last_version if state else -1
    write_state(
        journal,
        identity_of_staged,
        last_version=known if known >= 0 else landing.last_version(),
        problems=open_problems(journal),
        restored_snapshot=number,
    )


def _told(chosen: Snapshot, before: Snapshot | None) -> str:
    done = f"number {chosen.number}, built {chosen.built_at:%Y-%m-%d %H:%M} UTC, is published"
    return f"{done}; number {before.number} is kept as a snapshot" if before else done
