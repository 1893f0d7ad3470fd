"""Reports of runs made by hand, and the metrics that a run wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from nascar_warehouse.etl.outcome import DocumentProblem, RunReport, RunResult

BEGUN = datetime(2024, 5, 6, 4, 0, 0, tzinfo=UTC)
PROBLEM = DocumentProblem("nascar_feed 2024/1/9001/weekend-feed", 4, "a field is missing", "look at it")
FULL = RunResult(5, 4, 3, 2, is_published=True, problems=[PROBLEM], warnings=["a new field"])


def report(result: RunResult | None = None, error: BaseException | None = None) -> RunReport:
    return RunReport("ingest", BEGUN, BEGUN + timedelta(seconds=1.5), result or RunResult(), error)


def samples(file: Path) -> dict[str, float]:
    """The samples of a metrics file, by name, those of a source by its name after it."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(file.read_text())
        for sample in family.samples
    }
