"""The last run as metrics in the text format of Prometheus, for the textfile collector of its node exporter.

A file says when something happened, never how long ago that is: it is read long after it was written.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import open_problems
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.errors import MachineFailure, UsageError
from nascar_warehouse.warehouse.storage.disk import machine_failures
from nascar_warehouse.warehouse.storage.home import Home

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from nascar_warehouse.etl.monitoring.report import RunReport

_JOBS = ("ingest", "build", "rebuild")

_Samples = dict[str, float]
"""Labels, as they are written, → value."""


def require_place(file: Path) -> None:
    """Raise `UsageError` if there is no folder for the file, before a run that takes long."""
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"there is no folder for the metrics {file}", "name a file in a folder that exists")


def write_metrics(file: Path, report: RunReport, home: Path) -> str:
    """Replace the file in one step; returns what went wrong, "" if nothing."""
    # The collector reads what ends in .prom, and must not find half a file.
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        with machine_failures(file):
            try:
                partial.write_text(render_metrics(report, Home(home)), encoding="utf-8")
                partial.chmod(0o644)  # The exporter is another user.
                partial.replace(file)
            finally:
                partial.unlink(missing_ok=True)
    except MachineFailure as failure:
        return f"the metrics were not written: {failure.problem}"
    return ""


def render_metrics(report: RunReport, home: Home) -> str:
    """The metrics of a run that is over, and those of the home that it leaves, if that can be read."""
    outcome = report.outcome
    duration = (report.finished_at - report.started_at).total_seconds()
    text = "".join(
        _gauge(f"nascar_last_run_{name}", help_text, {"": value})
        for name, help_text, value in (
            ("timestamp_seconds", "When the last run ended.", report.finished_at.timestamp()),
            ("duration_seconds", "How long the last run took.", duration),
            (
                "exit_code",
                "Exit code of the last run: 0 done, 3 and 7 try later, 4, 5, 6 and 8 a person.",
                report.exit_code,
            ),
            ("documents_checked", "Documents that the last run asked for.", outcome.documents_checked),
            ("documents_new", "New versions of documents in the last run.", outcome.documents_new),
            ("documents_absent", "Documents that their source did not have.", outcome.documents_absent),
            ("documents_quarantined", "Documents that could not be taken.", outcome.documents_quarantined),
            ("rows_loaded", "Rows that the last run read from documents.", outcome.rows_loaded),
            ("published", "Whether the last run published a warehouse.", report.is_published),
        )
    )
    try:
        return text + _render_home(report, home)
    except MachineFailure:
        return text


def _render_home(report: RunReport, home: Home) -> str:
    with machine_failures(home.root), RunLog(home.journal, read_only=True) as journal:
        runs = journal.runs()
        problems = len(open_problems(journal))
    succeeded = [run.finished_at for run in runs if run.command in _JOBS and run.exit_code == 0]
    if report.exit_code == 0:
        succeeded.append(report.finished_at)
    newest: dict[str, datetime] = {}
    checked: dict[str, datetime] = {}
    with machine_failures(home.root), Landing(home.landing, read_only=True) as landing:
        for (source_id, _), at in landing.last_checked().items():
            checked[source_id] = max(at, checked.get(source_id, at))
        for source_id in checked:
            if versions := landing.latest(source_id):
                newest[source_id] = max(version.fetched_at for version in versions)
    published_at = home.published.stat().st_mtime if home.published.exists() else 0.0
    last_success = max((at.timestamp() for at in succeeded), default=0.0)
    return (
        _gauge(
            "nascar_last_success_timestamp_seconds", "When a run last ended with 0; 0 for never.", {"": last_success}
        )
        + _gauge(
            "nascar_warehouse_timestamp_seconds",
            "When the published warehouse was built; 0 for none.",
            {"": published_at},
        )
        + _gauge("nascar_open_problems", "Documents with a problem that is still open.", {"": problems})
        + _gauge(
            "nascar_source_last_check_timestamp_seconds",
            "When a document of the source was last asked for.",
            _times(checked),
        )
        + _gauge(
            "nascar_source_newest_document_timestamp_seconds",
            "When something new of the source last came.",
            _times(newest),
        )
    )


def _times(moments: Mapping[str, datetime]) -> _Samples:
    return {f'{{source="{source_id}"}}': at.timestamp() for source_id, at in sorted(moments.items())}


def _gauge(name: str, help_text: str, samples: _Samples) -> str:
    lines = [f"{name}{labels} {_number(value)}\n" for labels, value in samples.items()]
    return f"# HELP {name} {help_text}\n# TYPE {name} gauge\n" + "".join(lines) if lines else ""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.3f}"
