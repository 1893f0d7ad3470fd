"""What a person wants to know of a home that looks after itself: is it fresh, did it work, what has to be done?"""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.catalog import BUILT_IN, FEEDS
from nascar_warehouse.etl.monitoring.freshness import read_freshness
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import open_problems, read_state
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.disk import machine_failures
from nascar_warehouse.warehouse.storage.retention import quarantined_builds

if TYPE_CHECKING:
    from nascar_warehouse.etl.monitoring.freshness import Freshness
    from nascar_warehouse.etl.outcome import DocumentProblem
    from nascar_warehouse.etl.storage.published_state import State
    from nascar_warehouse.etl.storage.run_log import Run
    from nascar_warehouse.warehouse.storage.home import Home

_LAST_RUNS = 5
_COLUMNS = ["what", "name", "state", "at", "detail", "next"]
"""`next` is what a person has to do; where it is empty, nothing."""

_Row = list[object]

# By exit code, what the last run asks of a person.
_AFTER = {
    1: "report this as a bug, with what the run printed",
    2: "correct the command or the setting that the run names",
    3: "nothing, the next run asks again; if it stays so, look whether the source moved",
    4: "see the problems here",
    5: "see why, here or in the failed build; nothing was published",
    6: "correct the file in sql/ that the run names",
    8: "see to the disk or the permission that the run names",
    130: "nothing, the next run goes on where this one stopped",
}


def read_status(home: Home, now: datetime | None = None) -> Rows:
    """One row a thing to know: the warehouse, each source, the last runs, each open problem, each failed build.

    Reads only, so that somebody may look who cannot write to the home.
    """
    with machine_failures(home.root):
        if not home.landing.is_dir():
            raise UsageError(
                f"there is nothing at {home.root} yet",
                "run `nascar ingest`, or set NASCAR_HOME to the folder that you mean",
            )
        with Landing(home.landing, read_only=True) as landing, RunLog(home.journal, read_only=True) as journal:
            problems = open_problems(journal)
            sources = read_freshness(landing, BUILT_IN, FEEDS, now or datetime.now(UTC))
            runs = list(enumerate(journal.runs(), start=1))[-_LAST_RUNS:]
            rows = [
                _warehouse_row(home, read_state(home, journal)),
                *_stale_log_rows(home),
                *(_source_row(source, problems) for source in sources),
                *(_run_row(number, run, is_last=run is runs[-1][1]) for number, run in runs),
                *(_problem_row(problem) for problem in problems),
            ]
        return Rows(_COLUMNS, rows + _failed_build_rows(home))


def _warehouse_row(home: Home, state: State | None) -> _Row:
    if not home.published.exists():
        return ["warehouse", str(home.published), "none yet", None, "", "run `nascar build`"]
    known = home.published.stat()
    detail = f"{known.st_size / 1e6:.1f} MB, {len(home.snapshot_files())} snapshots kept"
    is_put_back = state is not None and state.restored_snapshot is not None
    return [
        "warehouse",
        str(home.published),
        "rolled back" if is_put_back else "published",
        datetime.fromtimestamp(known.st_mtime, UTC),
        detail,
        "; ".join(state.warnings) if state else "",
    ]


def _stale_log_rows(home: Home) -> list[_Row]:
    if not home.stale_log.exists():
        return []
    written_at = datetime.fromtimestamp(home.stale_log.stat().st_mtime, UTC)
    detail = "not part of the warehouse: another program opened the published file for writing; commands here ignore it"
    advice = f"close that program, then remove the file: rm {shlex.quote(str(home.stale_log))}"
    return [["write-ahead log", str(home.stale_log), "stray", written_at, detail, advice]]


def _source_row(source: Freshness, problems: list[DocumentProblem]) -> _Row:
    detail = f"{source.documents} documents"
    if source.newest_at:
        detail += f", last new {source.newest_at:%Y-%m-%d %H:%M} UTC"
    quarantined = sum(
        problem.is_quarantined and problem.document.startswith(f"{source.source_id} ") for problem in problems
    )
    if quarantined:
        detail += f", {quarantined} quarantined"
    return ["source", source.source_id, source.state, source.checked_at, detail, source.advice]


def _run_row(number: int, run: Run, *, is_last: bool) -> _Row:
    told = len([line for line in run.warnings.splitlines() if not line.startswith(" ")])
    detail = f"{run.documents_new} new documents, {run.rows_loaded} rows" + (", published" if run.is_published else "")
    detail += f"; to look at: {told}" if told else ""
    if run.warnings and (run.command == "rollback" or (run.exit_code and not run.is_published)):
        detail = " ".join(run.warnings.split())
    advice = _AFTER.get(run.exit_code, "") if is_last else ""
    return ["run", f"{number} {run.command}", f"exit {run.exit_code}", run.started_at, detail, advice]


def _problem_row(problem: DocumentProblem) -> _Row:
    detail = f"quarantined: {problem.problem}" if problem.is_quarantined else problem.problem
    return ["problem", problem.document, f"exit {problem.exit_code}", None, detail, problem.advice]


def _failed_build_rows(home: Home) -> list[_Row]:
    return [
        [
            "failed build",
            str(path),
            "quarantined",
            datetime.fromtimestamp(path.stat().st_mtime, UTC),
            f"{path.stat().st_size / 1e6:.1f} MB; its ops.check_results has the rows that failed",
            "see why; `nascar gc` removes it after 30 days",
        ]
        for path in quarantined_builds(home)
    ]
