"""Races of one season of the feed, each with an oddity of its own, made by hand for a test."""

from __future__ import annotations

import copy

from tests.support.feed import FeedFolder, Payload, season, weekend

YEAR = 2021
"""The almanac has nothing about the first 24 races of this season."""

Made = tuple[Payload, Payload | None]


def made_race(
    number: int,
    results: list[Payload] | None = None,
    *,
    listed: Payload | None = None,
    has_weekend: bool = True,
    **changes: object,
) -> Made:
    """The race of this number in YEAR: its line in the index and its weekend feed.

    `changes` are made to both, as far as the index has the field; `listed` only to the line in the index.
    """
    [template] = season(number, YEAR)[number - 1 :]
    template |= {"date_scheduled": template["race_date"]}
    entry = template | {name: value for name, value in changes.items() if name in template} | (listed or {})
    common = {name: template[name] for name in ("race_id", "race_season", "race_name", "race_date", "date_scheduled")}
    feed = renumbered(
        weekend(copy.deepcopy(results), **common | changes), race_id=template["race_id"], race_season=YEAR
    )
    return entry, feed if has_weekend else None


def renumbered(feed: Payload, **changes: object) -> Payload:
    """A weekend feed whose race has other ids, also in the rows that repeat them."""
    [entry] = feed["weekend_race"]
    entry |= changes
    for name in ("results", "caution_segments", "race_leaders"):
        for row in entry[name]:
            row |= {key: value for key, value in changes.items() if key in row}
    return feed


def without(made: Made, field: str) -> Made:
    """The same race with a weekend feed that lacks a field."""
    entry, feed = copy.deepcopy(made)
    assert feed is not None
    del feed["weekend_race"][0][field]
    return entry, feed


def put_season(feed: FeedFolder, *races: Made) -> None:
    feed.put_index(*(entry for entry, _ in races), year=YEAR)
    for _, weekend_feed in races:
        if weekend_feed is not None:
            feed.put_weekend(weekend_feed, year=YEAR)


def weekend_key(number: int) -> str:
    return f"{YEAR}/1/{9000 + number}/weekend-feed.json"


def race_id(number: int) -> str:
    return f"cup-{YEAR}-{number:02}"
