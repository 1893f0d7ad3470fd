"""A season of one race whose winner fails inspection, and what a home has of it."""

from __future__ import annotations

from tests.support.feed import FeedFolder, Payload, race, result, weekend

# The order in which three cars finished the race of `feed`: as it was, and after the winner failed inspection.
BEFORE_INSPECTION = [
    result(1, "Ann Winner", result_id=1, laps_led=60, times_led=1),
    result(2, "Bob Second", result_id=2, laps_led=40, times_led=1),
    result(3, "Cy Third", result_id=3),
]
AFTER_INSPECTION = [
    result(1, "Bob Second", result_id=2, laps_led=40, times_led=1, diff_time=100, car_number="12"),
    result(2, "Cy Third", result_id=3, diff_time=200, car_number="13"),
    result(3, "Ann Winner", result_id=1, laps_led=60, times_led=1, diff_time=0, car_number="11", disqualified=True),
]


def put_inspected(feed: FeedFolder, results: list[Payload], margin: str) -> None:
    """The season of one race with these results."""
    feed.put_index(race(margin_of_victory=margin, winner_driver_id=2 if results is AFTER_INSPECTION else 1))
    feed.put_weekend(weekend(results, margin_of_victory=margin))
