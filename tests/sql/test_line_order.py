"""Who crossed the line first is claimed only where it was measured or a source says so."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.feed import FeedFolder, result, weekend

if TYPE_CHECKING:
    from tests.conftest import Ask, Nascar

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

RACE = "race_id = 'cup-2024-01'"
# As the feed has results without measured gaps and without the field for disqualifications.
SILENT = {"disqualified": None, "diff_time": None}


def ingest(nascar: Nascar, feed: FeedFolder, *results: dict[str, Any]) -> None:
    """A warehouse of one race with a printed margin of 0.100 seconds."""
    feed.put_one_race()
    feed.put_weekend(weekend(results=list(results)))
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code


def crowd(**last: object) -> list[dict[str, Any]]:
    """A winner, a runner-up, a car that crashed early, and behind it one that ran all laps; nothing was measured."""
    return [
        result(1, "Ann Winner", laps_led=60, times_led=1, **SILENT),
        result(2, "Bob Second", laps_led=40, times_led=1, **SILENT),
        result(3, "Cy Crash", laps_completed=20, finishing_status="Accident", **SILENT),
        result(4, "Di Last", **(SILENT | last)),
    ]


def test_a_feed_without_the_field_says_nothing_of_disqualifications(nascar: Nascar, ask: Ask, feed: FeedFolder) -> None:
    ingest(nascar, feed, *crowd(laps_completed=10))
    assert [(None, 4)] == ask(f"SELECT is_disqualified, count(*) FROM core.results WHERE {RACE} GROUP BY ALL")


@pytest.mark.parametrize(
    "results",
    [
        pytest.param(crowd(), id="behind a car that ran fewer laps"),
        pytest.param([*crowd()[:2], result(38, "Di Last", **SILENT)], id="last of a list with gaps in it"),
        pytest.param(crowd(disqualified=False), id="although the feed says that it was not disqualified"),
    ],
)
def test_a_car_that_ran_all_laps_and_is_scored_last_leaves_no_margin_known(
    nascar: Nascar, ask: Ask, feed: FeedFolder, results: list[dict[str, Any]]
) -> None:
    ingest(nascar, feed, *results)
    assert [("line", None, "unknown", True), ("official", "ann-winner", "unknown", True)] == ask(
        "SELECT basis, winner_id, margin_kind, contains(missing_reason, 'Di Last') FROM core.race_margins"
        f" WHERE {RACE} ORDER BY 1"
    )
    assert [("0.100", False)] == ask(
        f"SELECT DISTINCT margin_text, is_selected FROM core.margins WHERE {RACE} AND reading = 'weekend_feed'"
    )
    assert [(True,)] == ask(f"SELECT is_in_doubt FROM ops.unknown_line_orders WHERE {RACE}")
    assert [(None, None)] == ask(
        "SELECT max(gap_seconds), bool_or(is_disqualified) FROM core.results"
        f" WHERE {RACE} AND driver_id IN ('ann-winner', 'di-last')"
    )


def test_a_last_car_whose_gap_was_measured_leaves_the_order_known(nascar: Nascar, ask: Ask, feed: FeedFolder) -> None:
    ingest(
        nascar,
        feed,
        result(1, "Ann Winner", laps_led=60, times_led=1),
        result(2, "Bob Second", laps_led=40, times_led=1),
        result(3, "Cy Crash", laps_completed=20, finishing_status="Accident"),
        result(4, "Di Last", disqualified=True, diff_time=900),
    )
    assert [(Decimal("0.1"), True)] * 2 == ask(
        f"SELECT margin_seconds, is_line_order_known FROM core.race_margins WHERE {RACE}"
    )


def test_a_printed_margin_ranks_although_the_order_on_the_line_is_not_stated(
    nascar: Nascar, ask: Ask, feed: FeedFolder
) -> None:
    ingest(nascar, feed, *crowd(laps_completed=10))
    assert [("Ann Winner", Decimal("0.1"))] == ask(
        f"SELECT winner, margin_seconds FROM marts.closest_finishes WHERE {RACE}"
    )
    assert [(False, "no source states in which order the cars crossed the line")] == ask(
        f"SELECT is_in_doubt, reason FROM ops.unknown_line_orders WHERE {RACE}"
    )
