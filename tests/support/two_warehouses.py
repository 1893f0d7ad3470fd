"""The one race of a home of two warehouses, and how to list them."""

from __future__ import annotations

import json

from tests.conftest import Nascar
from tests.support.feed import FeedFolder, race, weekend

WINNERS = "SELECT margin_text FROM marts.closest_finishes WHERE race_id = 'cup-2024-01'"


def put(feed: FeedFolder, margin: str) -> None:
    feed.put_index(race(margin_of_victory=margin))
    feed.put_weekend(weekend(margin_of_victory=margin))


def listed(nascar: Nascar) -> list[tuple[int, str]]:
    return [(row["number"], row["state"]) for row in json.loads(nascar("snapshots", "--format", "json").out)]
