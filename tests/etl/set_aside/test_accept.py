"""What is accepted is reported no more, and tried again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.feed import FeedFolder
from tests.support.races_set_aside import YEAR, Prepared, ingest, problems, spy, version_of, weekend_of

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def test_a_changed_structure_that_is_accepted_is_reported_no_more(nascar: Nascar, started: FeedFolder) -> None:
    broken = weekend_of(1)
    del broken["weekend_race"][0]["track_name"]
    started.put_weekend(broken, year=YEAR)
    left = ingest(nascar, started)
    assert 4 == left.code
    assert 1 == len(problems(nascar))
    assert 0 == nascar("accept", version_of(left)).code
    assert [] == problems(nascar)
    assert 0 == nascar("rebuild").code
    assert [] == problems(nascar)


def test_a_changed_structure_is_exit_4_once(nascar: Nascar, started: FeedFolder) -> None:
    broken = weekend_of(1)
    del broken["weekend_race"][0]["track_name"]
    started.put_weekend(broken, year=YEAR)
    assert [4, 0] == [ingest(nascar, started).code for _ in range(2)]
    assert [f"nascar_feed {YEAR}/1/9001/weekend-feed"] == problems(nascar)


@pytest.mark.usefixtures("aside")
def test_what_a_check_set_aside_is_tried_again_when_it_is_accepted(
    nascar: Nascar, with_bad: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr("nascar_warehouse.etl.load.trials._problem", spy(tried))
    assert "race_has_one_winner" in nascar("accept", version_of(with_bad.left)).err
    assert [f"nascar_feed {YEAR}/1/9002/weekend-feed"] == tried
    assert [] == problems(nascar)


@pytest.mark.usefixtures("started")
def test_what_nobody_keeps_cannot_be_accepted(nascar: Nascar, home: Path) -> None:
    left = nascar("accept", "nascar_feed 1999/nothing")
    assert 2 == left.code
    assert "no kept document is called nascar_feed 1999/nothing" in left.err
    assert (home / "nascar.duckdb").exists()
