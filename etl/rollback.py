"""Publish an earlier warehouse again, and remember that it was asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import (
    describe_foreign_file,
    judged_versions,
    note_headers,
    note_rolled_back,
    open_problems,
    read_state,
    rolled_back_marks,
    write_state,
)
from nascar_warehouse.etl.storage.run_log import Run, RunLog
from nascar_warehouse.warehouse.storage.home import fingerprint_of
from nascar_warehouse.warehouse.storage.snapshots import choose_snapshot, read_contents, read_snapshots, snapshot_rows

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.rows import Rows
    from nascar_warehouse.warehouse.storage.home import Home
    from nascar_warehouse.warehouse.storage.snapshots import Snapshot


def roll_back(home: Home, number: int | None = None) -> str:
    """Publish the snapshot with this number, or the one before the published warehouse; returns a message.

    The published one stays as a snapshot. No snapshot is `UsageError`, one that is not a warehouse
    `MachineFailure`; both change nothing.
    """
    choose_snapshot(home, number)  # Before the lock, which would make a home.
    started_at = datetime.now(UTC)
    with home.lock("rollback"), Landing(home.landing) as landing, RunLog(home.run_log) as run_log:
        marks = set(rolled_back_marks(run_log))
        chosen = choose_snapshot(home, number, marks)
        read_contents(chosen.path)
        foreign = describe_foreign_file(run_log, home)
        published = (snapshot for snapshot in read_snapshots(home) if snapshot.is_published)
        before = None if foreign else next(published, None)
        with home.stage_snapshot(chosen.path) as staged:
            # Remembered first: until the file is in place it means nothing. The other way round, a run after a crash in
            # between would build over it.
            _remember(home, landing, run_log, fingerprint_of(staged), chosen.number)
            note_headers(run_log, home, staged)
            home.restore_snapshot(staged, keeps_replaced=not foreign)
        if before is not None:
            marks.add(before.fingerprint)
        known = {snapshot.fingerprint for snapshot in read_snapshots(home)}
        note_rolled_back(run_log, marks & known - {chosen.fingerprint})
        message = "; ".join([_message(chosen, before), *foreign])
        run_log.record(Run("rollback", started_at, datetime.now(UTC), exit_code=0, is_published=True, warnings=message))
    return message


def list_snapshots(home: Home) -> Rows:
    """The published warehouse and its snapshots; reads only."""
    with RunLog(home.run_log, read_only=True) as run_log:
        return snapshot_rows(home, rolled_back_marks(run_log))


def _remember(home: Home, landing: Landing, run_log: RunLog, staged_fingerprint: str, number: int) -> None:
    # A document that is not in a published warehouse yet is still news; as of an earlier day nothing is known.
    state = read_state(home, run_log)
    known = state.last_version if state else -1
    write_state(
        run_log,
        staged_fingerprint,
        last_version=known if known >= 0 else landing.last_version(),
        problems=open_problems(run_log),
        refused=judged_versions(run_log).refused,
        restored_snapshot=number,
    )


def _message(chosen: Snapshot, before: Snapshot | None) -> str:
    done = f"number {chosen.number}, built {chosen.built_at:%Y-%m-%d %H:%M} UTC, is published"
    return f"{done}; number {before.number} is kept as a snapshot" if before else done
