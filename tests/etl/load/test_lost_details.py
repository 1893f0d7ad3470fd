"""A version that keeps its races and no longer says something of them is used, and the run says what it lost."""

from __future__ import annotations

import msgspec

from nascar_warehouse.etl.documents import Parsed
from nascar_warehouse.etl.load.lost_details import describe_lost_details
from nascar_warehouse.etl.sources.nascar_feed import SOURCE as FEED
from nascar_warehouse.etl.sources.nascar_results import SOURCE as ARCHIVE
from tests.support import feed
from tests.support.nascar_results_files import Row, as_parquet, results


def weekend(**changes: object) -> Parsed:
    payload = feed.weekend(**changes)  # type: ignore[arg-type]  # any field of the payload
    return FEED.parse("2024/1/9001/weekend-feed", msgspec.json.encode(payload))


def archive(*rows: Row) -> Parsed:
    return ARCHIVE.parse("cup_series", as_parquet(*rows))


RACES = [row for number in range(1, 6) for row in results(number, "Ann Winner", "Bob Second")]


def test_the_same_values_and_more_are_no_loss() -> None:
    assert [] == describe_lost_details(FEED, weekend(), weekend())
    assert [] == describe_lost_details(FEED, weekend(margin_of_victory="", race_leaders=[]), weekend())
    assert [] == describe_lost_details(ARCHIVE, archive(*RACES), archive(*RACES, *results(6, "Ann Winner")))


def test_a_table_that_lost_all_its_rows_is_named() -> None:
    assert [
        "lost all 1 rows of raw.nascar_feed_cautions; see `nascar changes`",
        "lost all 2 rows of raw.nascar_feed_leaders; see `nascar changes`",
    ] == describe_lost_details(FEED, weekend(), weekend(caution_segments=[], race_leaders=[]))


def test_a_table_that_lost_some_of_its_rows_is_named() -> None:
    [leader, *_] = feed.weekend()["weekend_race"][0]["race_leaders"]
    assert ["lost 1 of 2 rows of raw.nascar_feed_leaders; see `nascar changes`"] == (
        describe_lost_details(FEED, weekend(), weekend(race_leaders=[leader]))
    )


def test_a_value_of_a_race_that_was_lost_is_named() -> None:
    assert ["lost every `margin_of_victory` of raw.nascar_feed_weekends; see `nascar changes`"] == (
        describe_lost_details(FEED, weekend(), weekend(margin_of_victory=""))
    )


def test_what_an_index_says_before_the_race_may_go() -> None:
    def parse(race: feed.Payload) -> Parsed:
        return FEED.parse("2024/race_list_basic", msgspec.json.encode(feed.index(race)))

    lost = feed.race(television_broadcaster="", radio_broadcaster="")
    stated = feed.race(television_broadcaster="FOX", radio_broadcaster="MRN")
    assert [] == describe_lost_details(FEED, parse(stated | feed.TO_COME), parse(lost))
    assert [
        "lost every `radio_broadcaster`, `television_broadcaster` of raw.nascar_feed_races in 9001; see `nascar changes`"
    ] == describe_lost_details(FEED, parse(stated), parse(lost))


def test_columns_that_were_lost_are_named_with_their_races() -> None:
    without = [row | ({"Laps": None, "Status": " "} if row["Race"] != 3 else {}) for row in RACES]
    races = "cup-2021-01, cup-2021-02, cup-2021-04 and 1 more"
    assert [f"lost every `laps`, `status` of raw.nascar_results_results in {races}; see `nascar changes`"] == (
        describe_lost_details(ARCHIVE, archive(*RACES), archive(*without))
    )


def test_a_value_that_one_car_lost_is_a_change_and_no_more() -> None:
    without = [row | ({"Laps": None} if row["Finish"] == 2 else {}) for row in RACES]
    assert [] == describe_lost_details(ARCHIVE, archive(*RACES), archive(*without))
