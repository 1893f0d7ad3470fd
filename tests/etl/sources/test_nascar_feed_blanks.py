"""What a weekend feed leaves blank before the race is run, and which race was run."""

from __future__ import annotations

import pytest

from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import feed
from tests.support.feed_documents import WEEKEND, parse_weekend, values


def test_a_race_without_results_is_still_to_come() -> None:
    parsed = parse_weekend(feed.entry_list())
    assert (0, 1, True, []) == (
        len(parsed.rows["nascar_feed_results"]),
        len(parsed.rows["nascar_feed_weekends"]),
        parsed.is_preliminary,
        parsed.notices,
    )


def test_an_entry_list_is_preliminary_and_results_are_not() -> None:
    entries = feed.entry_list("Ann Winner", "Bob Second")
    assert (True, False) == (parse_weekend(entries).is_preliminary, parse_weekend(feed.weekend()).is_preliminary)


@pytest.mark.parametrize("changes", [{}, {"car_number": None, "team_id": None, "car_make": None}])
def test_a_row_without_a_driver_and_a_place_is_left_out_and_counted(changes: feed.Payload) -> None:
    blank = feed.result(0, " ", **changes)
    parsed = parse_weekend(feed.weekend([feed.result(1, "Ann Winner"), blank, blank]))
    assert ([("Ann Winner",)], [f"{WEEKEND}: 2 rows left out: neither a driver nor a place"]) == (
        values(parsed.rows["nascar_feed_results"], "driver_fullname"),
        parsed.notices,
    )


def test_null_in_an_entry_list_says_what_a_blank_says() -> None:
    blank = feed.entry_list("Ann Winner", "Bob Second")
    unknown = feed.entry_list("Ann Winner", "Bob Second")
    [race] = unknown["weekend_race"]
    race |= {"number_of_cautions": None, "average_speed": None, "total_race_time": None}
    for row in race["results"]:
        row |= {"finishing_position": None, "laps_led": None, "car_number": None, "points_earned": None}
    for row in blank["weekend_race"][0]["results"]:
        row |= {"car_number": "", "points_earned": 0}
    assert parse_weekend(blank).rows["nascar_feed_results"] == parse_weekend(unknown).rows["nascar_feed_results"]


def test_null_in_the_place_of_a_list_is_an_empty_list_before_the_race_only() -> None:
    entries = feed.entry_list()
    entries["weekend_race"][0] |= dict.fromkeys(("results", "caution_segments", "race_leaders", "stage_results"))
    parsed = parse_weekend(entries)
    assert ([0, 0], True) == (
        [len(parsed.rows[f"nascar_feed_{name}"]) for name in ("results", "cautions")],
        parsed.is_preliminary,
    )
    finished = feed.weekend()
    finished["weekend_race"][0]["results"] = None
    with pytest.raises(SourceChanged, match="results"):
        parse_weekend(finished)


@pytest.mark.parametrize(
    ("clock", "is_run"), [("", False), ("0:00:00", False), ("00:00:00", False), (None, False), ("0:00:01", True)]
)
def test_a_race_time_of_zero_says_as_little_as_a_blank(clock: str | None, is_run: bool) -> None:
    parsed = parse_weekend(feed.entry_list("Ann Winner", total_race_time=clock, number_of_leaders=0))
    assert [(is_run,)] == values(parsed.rows["nascar_feed_weekends"], "is_final")


@pytest.mark.parametrize(("clock", "is_run"), [("", False), (None, False), ("00:00:00", True)])
def test_a_race_that_had_leaders_was_run_though_its_time_is_zero(clock: str | None, is_run: bool) -> None:
    parsed = parse_weekend(feed.entry_list("Ann Winner", total_race_time=clock, number_of_leaders=4))
    assert [(is_run,)] == values(parsed.rows["nascar_feed_weekends"], "is_final")


def test_null_in_a_result_stops_the_feed() -> None:
    with pytest.raises(SourceChanged, match="laps_led"):
        parse_weekend(feed.weekend([feed.result(1, "Ann Winner"), feed.result(2, "Bob Second", laps_led=None)]))
