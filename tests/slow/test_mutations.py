"""Documents of which something is wrong are taken, quarantined or refused by name; `tests/faults/fuzz.py` does more of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.faults.fuzz import fuzz
from tests.support.feed import Payload, index, laps, race, result, weekend


def test_a_thousand_documents_with_something_wrong_break_nothing(tmp_path: Path) -> None:
    report = fuzz(tmp_path, count=1000, seed=1000)
    assert [] == report.failures
    assert report.documents >= 1000


def listed_twice() -> Payload:
    return index(race(), race())


def two_results_of_a_car() -> Payload:
    return weekend([result(1, "Ann Winner", laps_led=100), result(2, "Bob Second", car_number="11")])


def twice_in_a_stage() -> Payload:
    feed = weekend()
    rows = feed["weekend_race"][0]["stage_results"][0]["results"]
    rows.append(rows[0] | {"finishing_position": 2})
    return feed


def a_lap_twice() -> Payload:
    times = laps({"11": "Ann Winner"})
    times["laps"].append(times["laps"][0])
    return times


@pytest.mark.parametrize(
    ("key", "make", "said"),
    [
        ("2024/race_list_basic", listed_twice, "race 9001 is there 2 times in the races"),
        ("2024/1/9001/weekend-feed", two_results_of_a_car, "car 11 is there 2 times in the results"),
        ("2024/1/9001/weekend-feed", twice_in_a_stage, "car 12 in stage 1 is there 2 times in the stage_results"),
        ("2024/1/9001/lap-times", a_lap_twice, "lap 0 of car 11 is there 2 times in the laps"),
    ],
)
def test_a_thing_that_a_document_tells_twice_stops_that_document(
    key: str, make: Callable[[], Payload], said: str
) -> None:
    with pytest.raises(SourceChanged, match=said):
        NascarFeed().parse(key, json.dumps(make()).encode())


def test_the_same_result_may_be_listed_twice() -> None:
    entry = result(1, "Ann Winner", laps_led=100)
    feed = weekend([entry, entry | {"points_position": 2}])
    parsed = NascarFeed().parse("2024/1/9001/weekend-feed", json.dumps(feed).encode())
    assert 2 == len(parsed.rows["nascar_feed_results"])
