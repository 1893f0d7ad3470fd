"""A race that the feed moves to another series is one race, whose documents are under another address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar
from tests.support.commands import run_on
from tests.support.compare_warehouses import compare_warehouses
from tests.support.feed import FeedFolder, Payload, index, season, weekend
from tests.support.homes import copy_home

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

YEAR = 2021
RESULTS = (
    "SELECT race_id, count(*), min(driver_id) FILTER (WHERE finish_position = 1) FROM core.results"
    " WHERE source_id = 'nascar_feed' GROUP BY ALL ORDER BY ALL"
)


def put_race(feed: FeedFolder, series: int, margin: str = "0.100", *, has_weekend: bool = True) -> None:
    """A season of one race, in the index as one of this series, and perhaps its weekend feed there."""
    [listed] = season(1, YEAR)
    races: Payload = index() | {f"series_{series}": [listed | {"series_id": series, "margin_of_victory": margin}]}
    feed.put(f"{YEAR}/race_list_basic.json", races)
    if has_weekend:
        said = weekend(series_id=series, margin_of_victory=margin, **_day_and_name(listed))
        for row in said["weekend_race"][0]["results"]:
            row |= {"series_id": series, "race_season": YEAR}
        feed.put_weekend(said, year=YEAR)


def _day_and_name(listed: Payload) -> Payload:
    return {name: listed[name] for name in ("race_season", "race_name", "race_date", "date_scheduled")}


@pytest.mark.parametrize("has_weekend", [True, False], ids=["with its feed", "before its feed"])
def test_a_race_that_moves_to_another_series_is_published_there_only(
    nascar: Nascar, feed: FeedFolder, ask: Ask, home: Path, tmp_path: Path, *, has_weekend: bool
) -> None:
    put_race(feed, 2)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    put_race(feed, 1, has_weekend=has_weekend)
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 0 == left.code
    assert "race 9001 of nascar_feed was nxs-2021-01 and is cup-2021-01" in left.err
    assert [("cup-2021-01", 3, "ann-winner")] == ask(RESULTS)
    rebuilt = copy_home(home, tmp_path / "rebuilt")
    assert 0 == run_on(rebuilt, "rebuild").code
    assert [] == compare_warehouses(home / "nascar.duckdb", rebuilt / "nascar.duckdb")


def test_a_race_that_moves_back_is_published_where_the_index_has_it(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    for series, race_id in ((2, "nxs-2021-01"), (1, "cup-2021-01"), (2, "nxs-2021-01")):
        put_race(feed, series)
        assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
        assert [(race_id, 3, "ann-winner")] == ask(RESULTS)


def test_a_correction_that_comes_with_the_move_is_one_of_the_same_race(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    put_race(feed, 2)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    put_race(feed, 1, "0.200")
    nascar("ingest", "nascar_feed", "--mirror", feed)
    assert [("0.100", "0.200")] == ask(
        "SELECT old_value, new_value FROM ops.changes"
        " WHERE table_name = 'nascar_feed_weekends' AND column_name = 'margin_of_victory'"
    )
