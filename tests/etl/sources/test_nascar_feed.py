"""Which documents the league's feed has, and when they are due again."""

from __future__ import annotations

from datetime import date

import pytest

from nascar_warehouse.etl.documents import Document
from tests.support import feed
from tests.support.feed_documents import INDEX, LAPS, SOURCE, WEEKEND, detail_documents, dump, old_race, selection


def test_without_a_season_there_is_an_index_for_each_from_2015_to_today() -> None:
    assert list(range(2015, 2026)) == [root.season for root in SOURCE.index_documents(selection())]


def test_the_first_day_of_a_year_has_an_index() -> None:
    assert 2026 == SOURCE.index_documents(selection(today=date(2026, 1, 1)))[-1].season


def test_named_seasons_are_the_roots_and_no_others() -> None:
    assert [2018, 2024] == [root.season for root in SOURCE.index_documents(selection((2018, 2024)))]


def test_an_index_has_its_public_address() -> None:
    [root] = SOURCE.index_documents(selection((2024,)))
    expected = Document(
        "nascar_feed",
        INDEX,
        "https://cf.nascar.com/cacher/2024/race_list_basic.json",
        season=2024,
        held_on=date(2024, 12, 31),
        is_index=True,
    )
    assert expected == root


def test_a_race_leads_to_its_weekend_feed() -> None:
    [branch] = detail_documents(selection(), feed.race())
    assert (WEEKEND, f"https://cf.nascar.com/cacher/{WEEKEND}.json", 2024, date(2024, 5, 5), False) == (
        branch.key,
        branch.url,
        branch.season,
        branch.held_on,
        branch.is_index,
    )


@pytest.mark.parametrize(
    ("series", "keys"),
    [
        (("cup",), ["2024/1/1/weekend-feed"]),
        (("nxs",), ["2024/2/2/weekend-feed"]),
        (("truck",), ["2024/3/3/weekend-feed"]),
        (("truck", "cup"), ["2024/1/1/weekend-feed", "2024/3/3/weekend-feed"]),
    ],
)
def test_only_races_of_the_wanted_series_are_followed(series: tuple[str, ...], keys: list[str]) -> None:
    index = {f"series_{number}": [feed.race(race_id=number, series_id=number)] for number in (1, 2, 3)}
    [root] = SOURCE.index_documents(selection((2024,)))
    found = SOURCE.detail_documents(root, dump(index), selection(series=series))
    assert keys == [branch.key for branch in found]


@pytest.mark.parametrize(("season", "count"), [(2015, 0), (2016, 0), (2017, 1), (2018, 1), (2024, 1)])
def test_there_are_weekend_feeds_from_2017(season: int, count: int) -> None:
    assert count == len(detail_documents(selection(), old_race(season), season=season))


@pytest.mark.parametrize(("today", "count"), [(date(2024, 5, 4), 0), (date(2024, 5, 5), 1), (date(2024, 5, 6), 1)])
def test_a_race_is_followed_from_its_day_on(today: date, count: int) -> None:
    to_come = feed.race(total_race_time="", winner_driver_id=None)
    assert count == len(detail_documents(selection(today=today), to_come))


def test_lap_times_are_left_alone_unless_wanted() -> None:
    assert [WEEKEND] == [branch.key for branch in detail_documents(selection(), feed.race())]


def test_lap_times_are_followed_when_wanted() -> None:
    assert [WEEKEND, LAPS] == [
        branch.key for branch in detail_documents(selection(extras=frozenset({"laps"})), feed.race())
    ]


@pytest.mark.parametrize(("season", "names"), [(2019, {"weekend-feed"}), (2020, {"weekend-feed", "lap-times"})])
def test_there_are_lap_times_from_2020(season: int, names: set[str]) -> None:
    found = detail_documents(selection(extras=frozenset({"laps"})), old_race(season), season=season)
    assert names == {branch.key.rsplit("/", 1)[1] for branch in found}


@pytest.mark.parametrize(
    "change",
    [
        {"race_date": "2024-05-06T12:00:00"},
        {"actual_laps": 99},
        {"winner_driver_id": 2},
        {"margin_of_victory": "0.101"},
        {"inspection_complete": True},
    ],
)
def test_the_fingerprint_of_a_race_changes_with_its_line_in_the_index(change: feed.Payload) -> None:
    [before] = detail_documents(selection(), feed.race())
    [after] = detail_documents(selection(), feed.race(**change))
    assert before.fingerprint != after.fingerprint


def test_the_fingerprint_of_a_race_stays_when_another_one_changes() -> None:
    before, _ = detail_documents(selection(), feed.race(), feed.race(race_id=9002))
    after, _ = detail_documents(selection(), feed.race(), feed.race(race_id=9002, actual_laps=99))
    assert before == after


@pytest.mark.parametrize("key", [INDEX, WEEKEND, LAPS])
def test_the_season_of_a_document_is_in_its_key(key: str) -> None:
    assert 2024 == SOURCE.season_of(key)
