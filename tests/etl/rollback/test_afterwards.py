"""What a rollback put in place stays until there is news or a build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nascar_warehouse.etl.storage import published_state as state
from tests.conftest import Ask, Nascar, ask_file
from tests.support.feed import FeedFolder, race, weekend
from tests.support.two_warehouses import WINNERS, put

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def test_an_ingest_without_news_leaves_what_was_put_back(nascar: Nascar, two: FeedFolder, ask: Ask) -> None:
    nascar("rollback")
    left = nascar("ingest", "--mirror", two)
    assert 0 == left.code
    assert "nothing new, nothing published" in left.err
    assert [("0.100",)] == ask(WINNERS)


def test_an_ingest_without_news_says_that_a_warehouse_was_put_back(nascar: Nascar, two: FeedFolder) -> None:
    nascar("rollback")
    said = nascar("ingest", "--mirror", two).err
    assert "warning: snapshot 1, restored by a rollback, stays published until there is a new document; " in said


def test_an_ingest_with_news_builds_from_all_documents(nascar: Nascar, two: FeedFolder, ask: Ask) -> None:
    nascar("rollback")
    two.put_index(race(race_id=8001, race_season=2021, race_date="2021-02-14T15:00:00"), year=2021)
    left = nascar("ingest", "--mirror", two)
    assert 0 == left.code
    assert left.err.endswith("; published\n")
    assert [("0.200",)] == ask(WINNERS)


def test_after_news_nothing_is_said_of_the_rollback_any_more(nascar: Nascar, two: FeedFolder) -> None:
    nascar("rollback")
    put(two, "0.300")
    nascar("ingest", "--mirror", two)
    assert "rollback" not in nascar("ingest", "--mirror", two).err


def test_build_builds_from_all_documents(home_built_again: Path) -> None:
    assert [("0.200",)] == ask_file(home_built_again / "nascar.duckdb", WINNERS)


def test_build_after_a_rollback_gives_the_rows_that_there_were(home_of_two: Path, home_built_again: Path) -> None:
    before, after = (
        ask_file(home / "nascar.duckdb", "SELECT * FROM core.results ORDER BY ALL")
        for home in (home_of_two, home_built_again)
    )
    assert before == after


def test_another_version_of_the_program_builds_again(
    nascar: Nascar, two: FeedFolder, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    nascar("rollback")
    monkeypatch.setattr(state, "program_fingerprint", lambda: "another")
    nascar("ingest", "--mirror", two)
    assert [("0.200",)] == ask(WINNERS)


def test_a_document_that_was_set_aside_before_the_rollback_is_no_news(
    nascar: Nascar, two: FeedFolder, ask: Ask
) -> None:
    # Two winners do not pass the checks, so that version stays out of every warehouse.
    results = with_two_winners()
    two.put_weekend(weekend(results, margin_of_victory="0.200"))
    assert 5 == nascar("ingest", "--mirror", two).code
    nascar("rollback")
    left = nascar("ingest", "--mirror", two)
    assert (0, [("0.100",)]) == (left.code, ask(WINNERS))


def test_what_is_wrong_is_still_listed_after_a_rollback(nascar: Nascar, two: FeedFolder) -> None:
    broken = weekend(margin_of_victory="0.200")
    del broken["weekend_race"][0]["track_name"]
    two.put_weekend(broken)
    assert 4 == nascar("ingest", "--mirror", two).code
    nascar("rollback")
    assert 0 == nascar("ingest", "--mirror", two).code
    rows = json.loads(nascar("status", "--format", "json").out)
    assert ["nascar_feed 2024/1/9001/weekend-feed"] == [row["name"] for row in rows if row["what"] == "problem"]


def with_two_winners() -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = weekend()["weekend_race"][0]["results"]
    results[1]["finishing_position"] = 1
    return results
