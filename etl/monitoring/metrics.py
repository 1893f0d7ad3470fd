"""The last run as a file in the Prometheus text format, for the textfile collector of its node exporter.

A metric gives the time of an event, never its age: the file is read long after it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import open_problems
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.errors import MachineFailure
from nascar_warehouse.warehouse.storage.disk import machine_failures
from nascar_warehouse.warehouse.storage.home import Home

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from nascar_warehouse.etl.outcome import RunReport

_JOBS = ("ingest", "build", "rebuild", "accept")


def write_metrics(file: Path, report: RunReport, home: Path) -> str:
    """Replace the file in one step; returns what went wrong, "" if nothing."""
    try:
        with machine_failures(file):
            write_to_textfile(str(file), collect_metrics(report, Home(home)))
            file.chmod(0o644)  # The exporter is another user.
    except MachineFailure as failure:
        return f"the metrics were not written: {failure.problem}"
    return ""


def collect_metrics(report: RunReport, home: Home) -> CollectorRegistry:
    """The metrics of a run that has ended, and those of its home if that can be read."""
    registry = CollectorRegistry()
    result = report.result
    duration = (report.finished_at - report.started_at).total_seconds()
    for name, help_text, value in (
        ("timestamp_seconds", "When the last run ended.", report.finished_at.timestamp()),
        ("duration_seconds", "How long the last run took.", duration),
        (
            "exit_code",
            "Exit code of the last run: 0 done; 3 and 7 try later; 4, 5, 6 and 8 someone must act.",
            report.exit_code,
        ),
        ("documents_checked", "Documents that the last run asked for.", result.documents_checked),
        ("documents_new", "New versions of documents in the last run.", result.documents_new),
        ("documents_absent", "Documents that their source did not have.", result.documents_absent),
        ("documents_quarantined", "Documents whose newest version is quarantined.", result.documents_quarantined),
        ("rows_loaded", "Rows that the last run read from documents.", result.rows_loaded),
        ("published", "Whether the last run published a warehouse.", report.is_published),
    ):
        _add(registry, f"nascar_last_run_{name}", help_text, value)
    try:
        _add_home(registry, report, home)
    except MachineFailure:
        return registry  # The run's own metrics say how it failed.
    return registry


def _add_home(registry: CollectorRegistry, report: RunReport, home: Home) -> None:
    with machine_failures(home.root), RunLog(home.run_log, read_only=True) as run_log:
        runs = run_log.runs()
        problems = sum(not problem.acknowledged_reason for problem in open_problems(run_log))
    succeeded = [run.finished_at for run in runs if run.command in _JOBS and run.exit_code == 0]
    if report.exit_code == 0:
        succeeded.append(report.finished_at)
    newest: dict[str, datetime] = {}
    with machine_failures(home.root), Landing(home.landing, read_only=True) as landing:
        answers = landing.answers_by_source()
        for source_id in answers:
            if versions := landing.latest(source_id):
                newest[source_id] = max(version.fetched_at for version in versions)
    _add(
        registry,
        "nascar_last_success_timestamp_seconds",
        "When a run last ended with 0; 0 for never.",
        max((at.timestamp() for at in succeeded), default=0.0),
    )
    _add(
        registry,
        "nascar_warehouse_timestamp_seconds",
        "When the published warehouse was built; 0 for none.",
        home.published.stat().st_mtime if home.published.exists() else 0.0,
    )
    _add(registry, "nascar_open_problems", "Documents with a problem that is still open.", problems)
    _add_by_source(
        registry,
        "nascar_source_last_check_timestamp_seconds",
        "When a document of the source was last found or unchanged; a refusal or a missing document does not count.",
        {source_id: known.last_found_at for source_id, known in answers.items() if known.last_found_at},
    )
    _add_by_source(
        registry,
        "nascar_source_newest_document_timestamp_seconds",
        "When a new version of a document of the source last arrived.",
        newest,
    )


def _add(registry: CollectorRegistry, name: str, help_text: str, value: float) -> None:
    Gauge(name, help_text, registry=registry).set(value)


def _add_by_source(registry: CollectorRegistry, name: str, help_text: str, moments: Mapping[str, datetime]) -> None:
    gauge = Gauge(name, help_text, ["source"], registry=registry)
    for source_id, at in sorted(moments.items()):
        gauge.labels(source_id).set(at.timestamp())
