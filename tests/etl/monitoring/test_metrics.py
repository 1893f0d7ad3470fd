"""The metrics file says how the last run went and what needs attention."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from nascar_warehouse.etl.monitoring.metrics import collect_metrics, write_metrics
from nascar_warehouse.etl.outcome import RunReport
from nascar_warehouse.warehouse.errors import CheckFailed, SourceUnavailable
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar
from tests.support.feed import FeedFolder
from tests.support.run_reports import BEGUN, FULL, report, samples


def collected(report: RunReport, home: Path) -> dict[str, float]:
    """The metrics of a report without labels, by name."""
    return {
        metric.name: metric.samples[0].value
        for metric in collect_metrics(report, Home(home)).collect()
        if metric.samples
    }


def test_the_metrics_say_how_the_last_run_went(home: Path) -> None:
    found = collected(report(FULL), home)
    assert {
        "nascar_last_run_timestamp_seconds": BEGUN.timestamp() + 1.5,
        "nascar_last_run_duration_seconds": 1.5,
        "nascar_last_run_exit_code": 4,
        "nascar_last_run_documents_checked": 5,
        "nascar_last_run_documents_new": 4,
        "nascar_last_run_documents_absent": 3,
        "nascar_last_run_documents_quarantined": 1,
        "nascar_last_run_rows_loaded": 2,
        "nascar_last_run_published": 1,
    }.items() <= found.items()


def test_the_metrics_of_a_failed_run_have_its_exit_code_and_no_publication(home: Path) -> None:
    found = collected(report(FULL, SourceUnavailable("down")), home)
    assert (3, 0) == (found["nascar_last_run_exit_code"], found["nascar_last_run_published"])


def test_the_metrics_follow_the_conventions(nascar: Nascar, one_race: FeedFolder, tmp_path: Path) -> None:
    nascar("ingest", "--mirror", one_race, "--metrics", tmp_path / "nascar.prom")
    text = (tmp_path / "nascar.prom").read_text()
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert ["gauge"] * len(names) == [family.type for family in families]
    assert ["."] * len(names) == [family.documentation[-1] for family in families]
    assert sorted(set(names)) == sorted(names)
    assert {(), ("source",)} == {tuple(sample.labels) for family in families for sample in family.samples}
    assert text.endswith("\n")
    # Only a counter ends in _total, and all of these go up and down.
    assert [] == [name for name in names if not name.startswith("nascar_") or name.endswith("_total")]
    assert {"timestamp_seconds", "duration_seconds"} == {
        "_".join(name.split("_")[-2:]) for name in names if "seconds" in name
    }


def test_the_metrics_say_when_each_source_was_asked_and_had_something_new(
    nascar: Nascar, one_race: FeedFolder, tmp_path: Path
) -> None:
    nascar("ingest", "--mirror", one_race, "--metrics", tmp_path / "nascar.prom")
    found = samples(tmp_path / "nascar.prom")
    checked = found["nascar_source_last_check_timestamp_seconds nascar_feed"]
    newest = found["nascar_source_newest_document_timestamp_seconds nascar_feed"]
    ended = found["nascar_last_run_timestamp_seconds"]
    assert [newest, checked, ended] == sorted([newest, checked, ended])
    assert newest < checked


def test_the_last_success_outlasts_a_failure(nascar: Nascar, broken: FeedFolder, tmp_path: Path) -> None:
    file = tmp_path / "nascar.prom"
    nascar("build", "--metrics", file)
    first = samples(file)
    nascar("ingest", "--mirror", broken, "--metrics", file)
    second = samples(file)
    name = "nascar_last_success_timestamp_seconds"
    # The journal notes the end of a run a little before the command reports it.
    assert 4 == second["nascar_last_run_exit_code"]
    assert first[name] - 5 < second[name] <= first[name]


def test_before_any_success_the_last_one_is_zero(home: Path) -> None:
    assert 0 == collected(report(error=CheckFailed("no")), home)["nascar_last_success_timestamp_seconds"]


def test_open_problems_are_counted(nascar: Nascar, broken: FeedFolder, tmp_path: Path) -> None:
    nascar("ingest", "--mirror", broken, "--metrics", tmp_path / "nascar.prom")
    assert 1 == samples(tmp_path / "nascar.prom")["nascar_open_problems"]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("rebuild", "--as-of", "1999-01-01"), 2),
        (("ingest", "--season", "nonsense"), 2),
        (("ingest", "--mirror", "/nowhere"), 2),
    ],
)
def test_the_metrics_are_written_when_the_run_fails(
    nascar: Nascar, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    left = nascar(*arguments, "--metrics", tmp_path / "nascar.prom")
    assert (code, code) == (left.code, samples(tmp_path / "nascar.prom")["nascar_last_run_exit_code"])


def test_the_metrics_are_written_when_the_warehouse_is_busy(nascar: Nascar, home: Path, tmp_path: Path) -> None:
    with Home(home).lock("build"):
        left = nascar("build", "--metrics", tmp_path / "nascar.prom")
    assert (7, 7) == (left.code, samples(tmp_path / "nascar.prom")["nascar_last_run_exit_code"])


def test_the_metrics_replace_those_before_in_one_step_and_anybody_may_read_them(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "nascar.prom"
    file.write_text("before")
    with file.open() as reader:
        assert "" == write_metrics(file, report(), home)
        assert "before" == reader.read()
    assert (["nascar.prom"], 0o644) == ([path.name for path in tmp_path.iterdir()], file.stat().st_mode & 0o777)


def test_metrics_without_a_folder_are_wrong_usage_before_anything_is_run(
    nascar: Nascar, home: Path, tmp_path: Path
) -> None:
    left = nascar("build", "--metrics", tmp_path / "missing" / "nascar.prom")
    assert 2 == left.code
    assert not home.exists()


@pytest.mark.usefixtures("built")
def test_metrics_that_cannot_be_written_are_a_warning_and_change_nothing(
    nascar: Nascar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("prometheus_client.exposition.os.rename", refuse)
    left = nascar("build", "--metrics", tmp_path / "nascar.prom")
    assert 0 == left.code
    assert "warning: the metrics were not written: cannot use " in left.err
    assert [] == list(tmp_path.glob("*.prom*"))
