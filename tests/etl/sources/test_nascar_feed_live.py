"""The last frame of the live feed gives a margin where it was taken at the line of a race that ended under green."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from nascar_warehouse.etl.sources.nascar_feed import SOURCE
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder, result, weekend

KEY = "2024/1/9001/live-feed"
MIRRORED = "live/series_1/9001/live-feed.json"


def car(place: int, seconds: float, **changes: object) -> dict[str, Any]:
    """A car in the frame, so many seconds behind the leader at the line; changes replace fields."""
    return {
        "running_position": place,
        "vehicle_number": str(10 + place),
        "driver": {"driver_id": place, "full_name": "Any Body"},
        "delta": seconds,
        "vehicle_elapsed_time": 3600 + seconds,
        "laps_completed": 100,
        "status": 1,
        "last_lap_time": 36.0,
    } | changes


def frame(*cars: dict[str, Any], **changes: object) -> dict[str, Any]:
    """The last frame of race 9001 after 100 laps; changes replace fields."""
    return {
        "race_id": 9001,
        "series_id": 1,
        "run_type": 3,
        "flag_state": 9,
        "lap_number": 100,
        "laps_in_race": 100,
        "laps_to_go": 0,
        "vehicles": [*(cars or (car(1, 0), car(2, 0.171), car(3, 0.301)))],
    } | changes


def ingest(nascar: Nascar, feed: FeedFolder, live: dict[str, Any], **of_weekend: Any) -> None:
    """A race whose margin nothing prints, and the last frame of its live feed."""
    feed.put_one_race(margin_of_victory="")
    results = [
        result(1, "Ann Winner", laps_led=60, times_led=1, diff_time=None),
        result(2, "Bob Second", laps_led=40, times_led=1, diff_time=None),
        result(3, "Cy Third", diff_time=None),
    ]
    feed.put_weekend(weekend(results, **{"margin_of_victory": "", **of_weekend}))
    feed.put(MIRRORED, live)
    left = nascar("ingest", "nascar_feed", "--mirror", feed, "--with", "live")
    assert 0 == left.code, left.err


MARGIN = "SELECT basis, margin_seconds, margin_kind, timing FROM core.race_margins WHERE race_id = 'cup-2024-01' ORDER BY basis"


def test_the_gap_at_the_line_is_the_margin_where_nothing_is_printed(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    ingest(nascar, feed, frame())
    assert [(basis, Decimal("0.1710"), "time", "electronic") for basis in ("line", "official")] == ask(MARGIN)
    assert [("live_frame", "derived", "nascar_feed:2024/1/9001/live-feed")] == ask(
        "SELECT DISTINCT reading, verification, split_part(document_id, '#', 1) FROM core.margins"
        " WHERE race_id = 'cup-2024-01' AND is_selected"
    )


def test_a_printed_margin_is_selected_and_the_frame_is_compared_with_it(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    ingest(nascar, feed, frame(), margin_of_victory="0.180")
    assert {Decimal("0.1800")} == {seconds for _, seconds, *_ in ask(MARGIN)}
    assert [(True,)] == ask(
        "SELECT count(*) > 0 FROM ops.margin_discrepancies WHERE race_id = 'cup-2024-01' AND other_reading = 'live_frame'"
    )


@pytest.mark.parametrize(
    "live",
    [
        pytest.param(frame(flag_state=2), id="not finished"),
        pytest.param(frame(laps_to_go=1, laps_in_race=101), id="a lap to go"),
        pytest.param(frame(car(1, 0), car(2, 0.171, vehicle_elapsed_time=3600.4)), id="at another loop than the line"),
        pytest.param(frame(car(1, 0), car(2, -1.0, laps_completed=99)), id="a lap behind"),
        pytest.param(frame(car(1, 0), car(2, 0)), id="no gap at all"),
        pytest.param(
            frame(car(1, 0, vehicle_number="13", driver={"driver_id": 3}), car(2, 0.171)), id="of another winner"
        ),
    ],
)
@pytest.mark.slow
def test_a_frame_that_is_not_of_the_finish_gives_no_margin(
    nascar: Nascar, feed: FeedFolder, ask: Ask, live: dict[str, Any]
) -> None:
    ingest(nascar, feed, live)
    assert [("line", None, "unknown"), ("official", None, "unknown")] == [row[:3] for row in ask(MARGIN)]


@pytest.mark.slow
def test_a_race_that_ended_under_caution_has_no_gap(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    [caution] = weekend()["weekend_race"][0]["caution_segments"]
    ingest(nascar, feed, frame(), caution_segments=[caution | {"start_lap": 96, "end_lap": 100}])
    assert {None} == {seconds for _, seconds, *_ in ask(MARGIN)}


def test_practice_is_not_the_race_yet() -> None:
    parsed = SOURCE.parse(KEY, json.dumps(frame(run_type=1)).encode())
    assert (True, ["2024/1/9001/live-feed: it is not of the race yet"]) == (parsed.is_preliminary, parsed.notices)


@pytest.mark.parametrize(
    "live",
    [frame(race_id=9002), frame(vehicles=None), frame(car(1, 0) | {"delta": "0.1"})],
    ids=["another race", "no cars", "a gap as text"],
)
def test_another_structure_stops_the_frame(live: dict[str, Any]) -> None:
    with pytest.raises(SourceChanged, match="unexpected content"):
        SOURCE.parse(KEY, json.dumps(live).encode())
