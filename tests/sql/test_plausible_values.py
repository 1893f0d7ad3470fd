"""A source value that contradicts arithmetic gives way to one that does not, and says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.support import racing_data_files as files
from tests.support.feed import FeedFolder, index, race, weekend
from tests.support.racing_reference_html import page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Ask, Nascar

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

RACE = "race_id = 'cup-2024-01'"


def ingest(nascar: Nascar, feed: FeedFolder, **listed: str) -> None:
    """The race of the feed, and the same race in the tables of Racing-Reference; `listed` replaces fields of these."""
    folder = files.RacingDataFolder(feed.root)
    folder.put_schedule(files.as_schedule(files.race(1, 2024, **({"race_date": "05/05/24"} | listed))), 2024)
    folder.put_results(files.as_results(*files.results(1, "Ann Winner", "Bob Second", season=2024)), 2024)
    left = nascar("ingest", "nascar_feed", "racing_data", "--season", "2024", "--series", "cup", "--mirror", feed)
    assert 0 == left.code, left.err


def test_a_distance_of_one_lap_gives_way_to_another_source(nascar: Nascar, ask: Ask, feed: FeedFolder) -> None:
    feed.put_one_race(actual_distance=1.5)
    ingest(nascar, feed)
    assert [(Decimal(150),)] == ask(f"SELECT distance_miles FROM core.races WHERE {RACE}")
    assert [(True,)] == ask(
        "SELECT contains(rule, 'set aside: it contradicts 150.0 miles') FROM core.race_facts"
        f" WHERE {RACE} AND fact = 'distance_miles' AND reading = 'weekend_feed'"
    )


def test_a_distance_of_one_lap_is_unknown_where_no_source_has_another(
    nascar: Nascar, ask: Ask, feed: FeedFolder
) -> None:
    feed.put_one_race(actual_distance=1.5)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [(None,)] == ask(f"SELECT distance_miles FROM core.races WHERE {RACE}")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"average_speed": 15.0}, (Decimal(150), 3600, None), id="a speed without its last digit"),
        pytest.param({"total_race_time": "0:10:00"}, (Decimal(150), None, Decimal(150)), id="a time of ten minutes"),
    ],
)
def test_an_impossible_speed_or_time_is_unknown_and_costs_no_other_value(
    nascar: Nascar, ask: Ask, feed: FeedFolder, changes: dict[str, object], expected: tuple[object, ...]
) -> None:
    feed.put_one_race(**changes)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [expected] == ask(
        f"SELECT distance_miles, race_time_seconds, average_speed_mph FROM core.races WHERE {RACE}"
    )


def test_a_speed_that_is_not_distance_by_time_gives_way_to_one_that_is(
    nascar: Nascar, ask: Ask, feed: FeedFolder
) -> None:
    feed.put_one_race(average_speed=151.0)
    ingest(nascar, feed)
    assert [(Decimal(150),)] == ask(f"SELECT average_speed_mph FROM core.races WHERE {RACE}")


def test_a_preferred_value_stands_where_all_contradict(nascar: Nascar, ask: Ask, feed: FeedFolder) -> None:
    feed.put_one_race(average_speed=151.0)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [(Decimal(151),)] == ask(f"SELECT average_speed_mph FROM core.races WHERE {RACE}")


def test_a_race_has_the_date_of_the_day_on_which_it_was_finished(nascar: Nascar, ask: Ask, feed: FeedFolder) -> None:
    feed.put_one_race()
    ingest(nascar, feed, race_date="05/06/24")
    assert [(date(2024, 5, 6),)] == ask(f"SELECT race_date FROM core.races WHERE {RACE}")


def test_a_date_before_the_scheduled_day_gives_way(nascar: Nascar, ask: Ask, feed: FeedFolder) -> None:
    feed.put_one_race(race_date="2024-05-04T15:00:00")
    ingest(nascar, feed)
    assert [(date(2024, 5, 5),)] == ask(f"SELECT race_date FROM core.races WHERE {RACE}")


def test_a_race_is_not_dated_before_the_scheduled_day_where_no_source_has_another(
    nascar: Nascar, ask: Ask, feed: FeedFolder
) -> None:
    put_race(feed, race_date="2021-05-08T15:00:00", date_scheduled="2021-05-09T15:00:00")
    assert 0 == nascar("ingest", "nascar_feed", "--season", "2021", "--mirror", feed).code
    assert [(date(2021, 5, 9),)] == ask("SELECT race_date FROM core.races WHERE race_id = 'nxs-2021-01'")


def put_race(feed: FeedFolder, **changes: object) -> None:
    """A race of the second series in 2021, index and weekend feed."""
    changes |= {"race_season": 2021, "series_id": 2}
    feed.put("2021/race_list_basic.json", index() | {"series_2": [race(**changes)]})
    payload = weekend(**changes)  # type: ignore[arg-type]  # any field of the payload
    for row in payload["weekend_race"][0]["results"]:
        row |= {"race_season": 2021, "series_id": 2}
    feed.put_weekend(payload, year=2021)


def test_a_date_that_is_not_the_day_of_the_week_beside_it_is_implausible(
    nascar: Nascar, ask: Ask, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "race.html").write_text(page().replace("Sunday, May 9, 2021", "Saturday, May 9, 2021"), encoding="utf-8")
    assert 0 == nascar("ingest", "racing_reference_pages", "--pages", folder).code
    assert [("race_date", "it was a Sunday, and the source says Saturday")] == ask(
        "SELECT fact, reason FROM core.implausible_race_values WHERE race_id = 'cup-2021-12' AND fact = 'race_date'"
    )


def test_the_laps_of_a_page_with_an_asterisk_are_those_of_the_schedule(
    nascar: Nascar, ask: Ask, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    laps = "300* laps on a 1.366 mile paved track (409.800 miles)"
    (folder / "race.html").write_text(page(laps=laps), encoding="utf-8")
    assert 0 == nascar("ingest", "racing_reference_pages", "--pages", folder).code
    winner = ask("SELECT laps_completed FROM core.results WHERE race_id = 'cup-2021-12' AND finish_position = 1")
    assert [(*winner[0], None)] == ask(
        "SELECT laps_completed, distance_miles FROM core.races WHERE race_id = 'cup-2021-12'"
    )


def test_a_margin_finer_than_timing_costs_its_race_nothing_and_is_not_ranked(
    nascar: Nascar, ask: Ask, feed: FeedFolder
) -> None:
    feed.put_one_race(margin_of_victory="0.1004")
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert (0, True) == (left.code, "margin_is_as_fine_as_timing: cup-2024-01 0.1004" in left.err)
    assert [(3,)] == ask(f"SELECT count(*) FROM core.results WHERE {RACE}")
    assert [("gap", Decimal("0.1"))] == ask(
        f"SELECT reading, margin_seconds FROM core.race_margins WHERE {RACE} AND basis = 'line'"
    )
    assert [("doubtful",)] == ask(
        f"SELECT DISTINCT verification FROM core.margins WHERE {RACE} AND margin_text = '0.1004'"
    )


def test_a_blank_name_gives_way_and_parts_of_a_second_cost_no_race_time(
    nascar: Nascar, ask: Ask, feed: FeedFolder
) -> None:
    feed.put_index(race())
    feed.put_weekend(weekend(race_name=" ", track_name="", total_race_time="1:00:00.456"))
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [("Test 400", "kansas", 3600)] == ask(
        f"SELECT race_name, track_id, race_time_seconds FROM core.races WHERE {RACE}"
    )
