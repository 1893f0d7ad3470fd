"""What a person wants to know of a home that looks after itself: is it fresh, did it work, what has to be done?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.journal import Journal
from etl.landing import Landing
from etl.state import open_problems
from warehouse.errors import UsageError
from warehouse.show import Rows

if TYPE_CHECKING:
    from warehouse.store import Home

_LAST_RUNS = 5


def read_status(home: Home) -> Rows:
    """One row a thing to know: the warehouse, each source, the last runs, each open problem."""
    if not home.landing.is_dir():
        raise UsageError(
            f"there is nothing at {home.root} yet",
            "run `nascar ingest`, or set NASCAR_HOME to the folder that you mean",
        )
    rows: list[list[object]] = [_warehouse_row(home)]
    with Landing(home.landing) as landing, Journal(home.journal) as journal:
        checked = landing.last_checked()
        for source_id in sorted({source_id for source_id, _ in checked}):
            versions = landing.latest(source_id)
            newest = max((version.fetched_at for version in versions), default=None)
            last = max(at for (source, _), at in checked.items() if source == source_id)
            rows.append(
                [
                    "source",
                    source_id,
                    f"{len(versions)} documents",
                    last,
                    f"last new {newest:%Y-%m-%d %H:%M} UTC" if newest else "",
                ]
            )
        for number, run in list(enumerate(journal.runs(), start=1))[-_LAST_RUNS:]:
            done = f"{run.documents_new} new documents, {run.rows_loaded} rows" + (
                ", published" if run.is_published else ""
            )
            told = len([line for line in run.warnings.splitlines() if not line.startswith(" ")])
            detail = done + (f"; to look at: {told}" if told else "")
            if run.exit_code and not run.is_published and run.warnings:
                detail = " ".join(run.warnings.split())
            rows.append(["run", f"{number} {run.command}", f"exit {run.exit_code}", run.started_at, detail])
        rows += [
            [
                "problem",
                problem.document,
                f"exit {problem.exit_code}",
                None,
                f"{problem.problem}; next: {problem.advice}",
            ]
            for problem in open_problems(journal)
        ]
    return Rows(["what", "name", "state", "at", "detail"], rows)


def _warehouse_row(home: Home) -> list[object]:
    from datetime import UTC, datetime

    if not home.published.exists():
        return ["warehouse", str(home.published), "none yet", None, "run `nascar build`"]
    known = home.published.stat()
    snapshots = len(home.snapshot_files())
    at = datetime.fromtimestamp(known.st_mtime, UTC)
    return [
        "warehouse",
        str(home.published),
        "published",
        at,
        f"{known.st_size / 1e6:.1f} MB, {snapshots} snapshots kept",
    ]
