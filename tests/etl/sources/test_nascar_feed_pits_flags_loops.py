"""Pit stops, flags and loop data of the feed: what of them is a stop, a flag, a driver's race, and what stops them."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from nascar_warehouse.etl.documents import Parsed
from nascar_warehouse.etl.sources.nascar_feed import SOURCE
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder, race
from tests.support.feed_details import SHOWN, STOPS, flag, loops, loops_of, stop
from tests.support.feed_documents import detail_documents, selection

PITS, FLAGS, LOOPS = (f"2024/1/9001/{name}" for name in ("live-pit-data", "live-flag-data", "loopstats"))


def parse(key: str, content: object) -> Parsed:
    return SOURCE.parse(key, json.dumps(content).encode())


def test_pit_stops_flags_and_loop_data_are_read_and_loaded(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_one_race()
    feed.put("2024/1/9001/live-pit-data.json", STOPS)
    feed.put("live/series_1/9001/live-flag-data.json", SHOWN)
    feed.put("../loopstats/prod/2024/1/9001.json", loops(loops_of(1, 148.45), loops_of(2, 118), loops_of(77, 1)))
    left = nascar("ingest", "nascar_feed", "--mirror", feed, "--with", "pits,flags,loops")
    assert 0 == left.code, left.err
    # The run through pit road on the pace laps and the return after the finish are no stops.
    assert [
        ("11", 1, 33, "yellow", Decimal("41.500"), Decimal("14.000"), 4),
        ("11", 2, 60, "green", Decimal("41.500"), Decimal("14.000"), 3),
        ("12", 1, 33, "yellow", None, None, 4),
    ] == ask(
        "SELECT car_number, stop_number, lap_number, flag, pit_road_seconds, stop_seconds, tires_changed"
        " FROM core.pit_stops ORDER BY 1, 2"
    )
    assert [
        ("pace_laps", 0, None, None, "2024-05-06 00:00:00.5"),
        ("green", 0, None, None, "2024-05-06 00:00:00.5"),
        ("yellow", 30, "Stage 1 Conclusion", "13", "2024-05-06 00:00:00.5"),
        ("green", 35, None, None, "2024-05-06 00:00:00.5"),
        ("checkered", 99, None, None, "2024-05-06 00:00:00.5"),
        ("unknown", 100, None, None, None),
    ] == ask(
        "SELECT flag, lap_number, comment, beneficiary_car_number, shown_at::VARCHAR FROM core.flags ORDER BY flag_number"
    )
    assert [
        ("ann-winner", Decimal("148.45"), Decimal("2.25")),
        ("bob-second", Decimal("118.00"), Decimal("2.25")),
    ] == ask("SELECT driver_id, driver_rating, average_position FROM core.loop_statistics ORDER BY 1")


@pytest.mark.slow
def test_pit_stops_of_another_race_and_flags_of_practice_are_left_out(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    feed.put_one_race()
    feed.put("2024/1/9001/live-pit-data.json", [stop("11", "Zed Other", 33, 1188.5), stop("12", "Yan Other", 33, 1190)])
    feed.put("live/series_1/9001/live-flag-data.json", [flag(0, 8, 0), flag(12, 9, 3000)])
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed, "--with", "pits,flags").code
    assert [(0, 0)] == ask("SELECT (SELECT count(*) FROM core.pit_stops), (SELECT count(*) FROM core.flags)")


def test_each_document_is_asked_for_at_its_address_from_its_first_season() -> None:
    extras = frozenset({"pits", "flags", "loops"})
    assert {
        "https://cf.nascar.com/cacher/2024/1/9001/live-pit-data.json",
        "https://cf.nascar.com/cacher/live/series_1/9001/live-flag-data.json",
        "https://cf.nascar.com/loopstats/prod/2024/1/9001.json",
    } == {document.url for document in detail_documents(selection(extras=extras), race())} - {
        document.url for document in detail_documents(selection(), race())
    }


@pytest.mark.parametrize("key", [PITS, FLAGS, LOOPS])
@pytest.mark.parametrize("content", [None, []], ids=["null", "empty"])
def test_a_document_without_rows_is_preliminary(key: str, content: object) -> None:
    assert parse(key, content).is_preliminary


@pytest.mark.parametrize(
    ("key", "content", "why"),
    [
        pytest.param(PITS, [STOPS[2], STOPS[2]], "1 row left out: the stop of the car is there twice", id="stop"),
        pytest.param(
            LOOPS, loops(loops_of(1, 9), loops_of(1, 9)), "1 row left out: the driver is there twice", id="driver"
        ),
    ],
)
def test_a_second_row_about_the_same_thing_is_left_out(key: str, content: object, why: str) -> None:
    assert [f"{key}: {why}"] == parse(key, content).notices


def test_a_field_that_is_new_is_a_notice() -> None:
    assert ["new field $[].cloud_cover"] == parse(FLAGS, [flag(0, 8, 0, cloud_cover=3)]).notices


@pytest.mark.parametrize(
    ("key", "content"),
    [
        pytest.param(PITS, [stop("11", "Ann Winner", 33, 1188.5, total_duration="41.5")], id="seconds as text"),
        pytest.param(PITS, [{"vehicle_number": "11"}], id="a stop without its fields"),
        pytest.param(FLAGS, [flag(-1, 8, 0)], id="a lap below 0"),
        pytest.param(FLAGS, {"flags": []}, id="no list"),
        pytest.param(LOOPS, loops(loops_of(1, 9), race_id=9002), id="another race"),
        pytest.param(LOOPS, loops(loops_of(1, None)), id="no rating"),
    ],
)
def test_another_structure_stops_the_document(key: str, content: object) -> None:
    with pytest.raises(SourceChanged, match="unexpected content"):
        parse(key, content)
