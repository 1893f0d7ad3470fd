"""The state of a home: how fresh each source is, how the last runs ended, what is wrong, and what to do next."""

from __future__ import annotations

import shlex
import textwrap
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import PurePath
from typing import TYPE_CHECKING

from nascar_warehouse.etl.catalog import BUILT_IN, FEEDS, OPT_IN
from nascar_warehouse.etl.monitoring.freshness import read_freshness
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import open_problems, read_state
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.disk import machine_failures
from nascar_warehouse.warehouse.storage.retention import quarantined_builds

if TYPE_CHECKING:
    from pathlib import Path

    from nascar_warehouse.etl.monitoring.freshness import Freshness
    from nascar_warehouse.etl.outcome import DocumentProblem
    from nascar_warehouse.etl.storage.published_state import State
    from nascar_warehouse.etl.storage.run_log import Run
    from nascar_warehouse.warehouse.storage.home import Home

_LAST_RUNS = 5
_COLUMNS = ["what", "name", "state", "at", "detail", "next"]
"""`next` is what to do; where it is empty, nothing has to be done."""

TABLE_WIDTH = 100
"""The width of a table of the status where it is not printed on a terminal."""
LEAST_WIDTH = 80
"""A table of the status fits a terminal of so many columns."""
_WIDTHS = (15, 24, 12)
_GAPS = 4 * len("   ")
_DETAIL_LINES = 3
_ADVICE_WIDTH = 40

_Row = list[object]

# What to do after the last run, by its exit code.
_AFTER = {
    1: "report a bug, with the log of the run",
    2: "correct the command or the setting",
    3: "nothing, the next run asks again; if it stays so, check whether the source has a new address",
    4: "see the problems below",
    5: "see the problems and the failed build below",
    6: "correct the file in sql/",
    8: "check the disk and its permissions",
    130: "nothing, the next run continues",
}

_MAGIC = slice(8, 12)
"""Where a DuckDB file has its mark, after a checksum."""


def read_status(home: Home, now: datetime | None = None) -> Rows:
    """One row each for the warehouse, every source, the last runs, every open problem and every failed build.

    Reads only, so that it also works for a user who cannot write to the home.
    """
    with machine_failures(home.root):
        if not home.landing.is_dir():
            if home.published.exists():  # The file alone was copied here, to be read.
                return Rows(_COLUMNS, [_warehouse_row(home, None), *_stale_log_rows(home)])
            raise UsageError(
                f"there is nothing at {home.root} yet",
                "run `nascar ingest`, or set NASCAR_HOME to another folder",
            )
        with Landing(home.landing, read_only=True) as landing, RunLog(home.run_log, read_only=True) as run_log:
            problems = open_problems(run_log)
            sources = read_freshness(landing, BUILT_IN, FEEDS, OPT_IN, now or datetime.now(UTC))
            runs = list(enumerate(run_log.runs(), start=1))[-_LAST_RUNS:]
            rows = [
                _warehouse_row(home, read_state(home, run_log)),
                *_stale_log_rows(home),
                *(_source_row(source, problems) for source in sources),
                *(_run_row(number, run, is_last=run is runs[-1][1]) for number, run in runs),
                *(_problem_row(problem) for problem in problems),
            ]
        return Rows(_COLUMNS, rows + _failed_build_rows(home))


def fit_table(rows: Rows, width: int) -> tuple[Rows, list[str]]:
    """The status as rows of a table of this width, and the lines below it.

    Cells are wrapped, the time is part of the detail, and a long detail is cut. A long advice is below the table, where
    its commands are whole; on a narrow terminal every advice is.
    """
    shown = [_short_cells(*row) for row in rows.values]
    below: list[str] = []
    longest = _ADVICE_WIDTH if width >= TABLE_WIDTH else 0
    for cells in shown:
        if len(cells[-1]) > longest:
            number = f"({len(below) + 1})"
            below.append(f"{number} {cells[1]}: {cells[-1]}")
            cells[-1] = f"see {number}"
    first = [min(size, max(len(cells[place]) for cells in shown)) for place, size in enumerate(_WIDTHS)]
    rest = width - sum(first) - _GAPS
    advice_width = min(rest // 2, max(len("next"), *(len(cells[-1]) for cells in shown)))
    lines: list[_Row] = []
    for cells in shown:
        wrapped = [textwrap.wrap(cell, size) for cell, size in zip(cells[:3], first, strict=True)]
        wrapped.append(textwrap.wrap(cells[3], rest - advice_width, max_lines=_DETAIL_LINES, placeholder=" …"))
        wrapped.append(textwrap.wrap(cells[4], advice_width))
        lines += [list(line) for line in zip_longest(*wrapped, fillvalue="")]
    notes = [
        line
        for text in below
        for line in textwrap.wrap(text, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    ]
    return Rows(["what", "name", "state", "detail", "next"], lines), notes


def _short_cells(what: object, name: object, state: object, at: object, detail: object, advice: object) -> list[str]:
    moment = f"{at:%Y-%m-%d %H:%M}: " if isinstance(at, datetime) else ""
    is_file = what in {"warehouse", "failed build", "write-ahead log"}
    shown_name = PurePath(str(name)).name if is_file else str(name)
    return [str(what), shown_name, str(state), f"{moment}{detail}", str(advice)]


def _is_duckdb(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(_MAGIC.stop)[_MAGIC] == b"DUCK"


def _warehouse_row(home: Home, state: State | None) -> _Row:
    if not home.published.exists():
        return ["warehouse", str(home.published), "none yet", None, "", "run `nascar build`"]
    if not _is_duckdb(home.published):
        advice = "run `nascar rollback` or `nascar rebuild`"
        return ["warehouse", str(home.published), "unreadable", None, "not a DuckDB file", advice]
    known = home.published.stat()
    detail = f"{known.st_size / 1e6:.1f} MB, {len(home.snapshot_files())} snapshots"
    is_restored = state is not None and state.restored_snapshot is not None
    return [
        "warehouse",
        str(home.published),
        "rolled back" if is_restored else "published",
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
        problem.is_quarantined and problem.document.startswith(f"{source.source_id} ")
        for problem in problems
        if not problem.acknowledged_reason
    )
    if quarantined:
        detail += f", {quarantined} quarantined"
    return ["source", source.source_id, source.state, source.found_at, detail, source.advice]


def _run_row(number: int, run: Run, *, is_last: bool) -> _Row:
    messages = len([line for line in run.warnings.splitlines() if not line.startswith(" ")])
    detail = f"{run.documents_new} new documents, {run.rows_loaded} rows" + (", published" if run.is_published else "")
    detail += f", {messages} warnings or problems" if messages else ""
    if run.warnings and (run.command == "rollback" or (run.exit_code and not run.is_published)):
        detail = " ".join(run.warnings.split())
    advice = _AFTER.get(run.exit_code, "") if is_last else ""
    return ["run", f"{number} {run.command}", f"exit {run.exit_code}", run.started_at, detail, advice]


def _problem_row(problem: DocumentProblem) -> _Row:
    if problem.acknowledged_reason:
        detail = f"{problem.problem}: {problem.acknowledged_reason}"
        return ["problem", problem.document, "acknowledged", None, detail, ""]
    detail = f"quarantined: {problem.problem}" if problem.is_quarantined else problem.problem
    return ["problem", problem.document, f"exit {problem.exit_code}", None, detail, problem.advice]


def _failed_build_rows(home: Home) -> list[_Row]:
    return [
        [
            "failed build",
            str(path),
            "quarantined",
            datetime.fromtimestamp(path.stat().st_mtime, UTC),
            f"{path.stat().st_size / 1e6:.1f} MB; the rows that failed are in its ops.check_results",
            "see why it failed; `nascar gc` removes it after 30 days",
        ]
        for path in quarantined_builds(home)
    ]
