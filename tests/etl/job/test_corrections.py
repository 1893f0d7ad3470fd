"""The job with results that are corrected: the warehouse follows, and what changed is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar, ask_file
from tests.support.commands import run_on
from tests.support.feed import FeedFolder, Payload, race
from tests.support.homes import copy_home
from tests.support.inspected_season import AFTER_INSPECTION, BEFORE_INSPECTION, put_inspected

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

# An index lists a race long before it is run.
ANNOUNCED: Payload = {
    "actual_distance": 0.0,
    "actual_laps": 0,
    "average_speed": 0.0,
    "margin_of_victory": "",
    "number_of_cars_in_field": 0,
    "number_of_caution_laps": 0,
    "number_of_cautions": 0,
    "number_of_lead_changes": 0,
    "number_of_leaders": 0,
    "pole_winner_speed": 0.0,
    "total_race_time": "",
    "winner_driver_id": "",
}


@pytest.fixture(scope="session")
def corrected(tmp_path_factory: pytest.TempPathFactory, home_before_inspection: Path) -> Path:
    """A home that had a race before its winner failed inspection and got the corrected results; for reading only."""
    folder = tmp_path_factory.mktemp("corrected")
    copy_home(home_before_inspection, folder / "home")
    # The same folder as before, with other bytes in it.
    feed = FeedFolder(home_before_inspection.parent / "mirror")
    put_inspected(feed, AFTER_INSPECTION, "0.150")
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    return folder / "home"


NEW_RESULTS = (
    "SELECT driver_id, finish_position, is_disqualified FROM core.results WHERE race_id = 'cup-2024-01' ORDER BY 2"
)
DISQUALIFIED = [("bob-second", 1, False), ("cy-third", 2, False), ("ann-winner", 3, True)]


def test_the_warehouse_follows_a_disqualification_three_days_later(corrected: Path) -> None:
    assert DISQUALIFIED == ask_file(corrected / "nascar.duckdb", NEW_RESULTS)


def test_the_warehouse_follows_a_correction_in_another_folder(
    nascar: Nascar, one_race: FeedFolder, ask: Ask, tmp_path: Path
) -> None:
    another = FeedFolder(tmp_path / "another")
    put_inspected(another, AFTER_INSPECTION, "0.150")
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", another).code
    assert DISQUALIFIED == ask(NEW_RESULTS)
    assert another.root != one_race.root


def test_a_correction_is_listed_with_both_values_and_both_documents(corrected: Path) -> None:
    weekend_change = ("cup-2024-01", "2024/1/9001/weekend-feed", True, "superseded", "loaded")
    index_change = ("cup-2024-01", "2024/race_list_basic", True, "superseded", "loaded")
    assert [
        ("nascar_feed_races", "margin_of_victory", "0.100", "0.150", *index_change),
        ("nascar_feed_races", "winner_driver_id", "1", "2", *index_change),
        ("nascar_feed_results", "disqualified", "false", "true", *weekend_change),
        ("nascar_feed_results", "finishing_position", "1", "3", *weekend_change),
        ("nascar_feed_weekends", "margin_of_victory", "0.100", "0.150", *weekend_change),
    ] == ask_file(
        corrected / "nascar.duckdb",
        "SELECT c.table_name, c.column_name, c.old_value, c.new_value, c.race_id, c.document_key, c.is_correction, old.state, new.state"
        " FROM ops.changes AS c"
        " INNER JOIN ops.documents AS old ON c.old_document_id = old.document_id AND c.document_key = old.document_key"
        " INNER JOIN ops.documents AS new ON c.document_id = new.document_id AND c.document_key = new.document_key"
        " WHERE c.row_key IN ('9001', '9001/1')"
        " AND c.column_name IN ('margin_of_victory', 'winner_driver_id', 'finishing_position', 'disqualified')"
        " ORDER BY ALL",
    )


def test_the_warehouse_before_a_correction_is_kept_as_a_snapshot(corrected: Path) -> None:
    [snapshot] = snapshots(corrected)
    assert [("ann-winner", 1, False), ("bob-second", 2, False), ("cy-third", 3, False)] == ask_file(
        snapshot, NEW_RESULTS
    )


def test_a_race_that_was_announced_and_then_run_is_no_correction(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_index(race(**ANNOUNCED))
    nascar("ingest", "nascar_feed", "--mirror", feed)
    assert [] == ask("SELECT race_id FROM core.races WHERE source_id = 'nascar_feed'")
    feed.put_one_race()
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [("cup-2024-01", len(ANNOUNCED), 0)] == ask(
        "SELECT race_id, count(*), count(*) FILTER (is_correction) FROM ops.changes GROUP BY ALL"
    )


def test_a_correction_that_is_taken_back_is_two_corrections(nascar: Nascar, one_race: FeedFolder, ask: Ask) -> None:
    for margin in ("0.150", "0.100"):
        put_inspected(one_race, BEFORE_INSPECTION, margin)
        nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert [("0.100", "0.150"), ("0.150", "0.100")] == ask(
        "SELECT old_value, new_value FROM ops.changes WHERE table_name = 'nascar_feed_weekends' ORDER BY seen_at"
    )
    assert [("0.100",)] == ask(
        "SELECT margin_text FROM core.race_margins WHERE race_id = 'cup-2024-01' AND basis = 'line'"
    )


def snapshots(home: Path) -> list[Path]:
    return sorted((home / "snapshots").glob("*.duckdb"))
