"""A season of six good races that a home has, two of them with results, before something goes wrong; and what is asked afterwards."""

from __future__ import annotations

import copy
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.commands import Left
from tests.support.feed import FeedFolder, Payload, index, result, season, weekend
from tests.support.misbehaving import Route, as_json

if TYPE_CHECKING:
    from tests.conftest import Ask

# The almanac has nothing about the first races of this season.
YEAR = 2021

INDEX = f"{YEAR}/race_list_basic"

WEEKEND = f"{YEAR}/1/9001/weekend-feed"

OTHER_WEEKEND = f"{YEAR}/1/9002/weekend-feed"

LOST_RESULTS = "it has no results any more, as before the race"


def good_races() -> list[Payload]:
    return season(6, YEAR)


def six_results() -> list[Payload]:
    names = ("Ann Winner", "Bob Second", "Cy Third", "Di Fourth", "Ed Fifth", "Fay Sixth")
    return [result(place, name, result_id=place) for place, name in enumerate(names, start=1)]


def good_weekend(race_id: int, **changes: object) -> Payload:
    """The weekend feed of a race of the season."""
    [listed] = season(race_id - 9000, YEAR)[-1:]
    common = {name: listed[name] for name in ("race_id", "race_season", "race_name", "race_date")}
    feed = weekend(**{"results": six_results()} | common | changes)
    for name in ("results", "caution_segments", "race_leaders"):
        for row in feed["weekend_race"][0][name]:
            row |= {key: value for key, value in {"race_id": race_id, "race_season": YEAR}.items() if key in row}
    return feed


def put_good_season(feed: FeedFolder) -> None:
    feed.put_index(*good_races(), year=YEAR)
    for race_id in (9001, 9002):
        feed.put_weekend(good_weekend(race_id), year=YEAR)


def change(payload: Payload, changes: Payload) -> None:
    """Change fields in place; the ellipsis takes one away."""
    for name, value in changes.items():
        if value is ...:
            del payload[name]
        else:
            payload[name] = copy.deepcopy(value)


def assert_named(left: Left, code: int, place: str, said: str) -> None:
    """It left with this code, named the place and the fault, said what to do next, and printed no data."""
    assert (code, "") == (left.code, left.out)
    assert place in left.err
    assert said in left.err
    assert "next: " in left.err


def problems_of(left: Left) -> dict[str, str]:
    """What was said of each document that could not be taken, with the advice."""
    found = re.findall(r"^problem: (\S+ \S+): (.*(?:\n  .*)*)", left.err, re.MULTILINE)
    return dict(found)


def fingerprint(home: Path) -> str:
    return hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()


def printed_margins(ask: Ask) -> list[tuple[object, ...]]:
    return ask(
        "SELECT race_id, margin_text FROM core.margins"
        " WHERE reading = 'weekend_feed' AND basis = 'line' AND race_id LIKE 'cup-2021-%' ORDER BY 1"
    )


def url_path(key: str) -> str:
    return f"/cf.nascar.com/cacher/{key}.json"


def good_routes() -> dict[str, Route]:
    return {
        url_path(INDEX): [as_json(index(*good_races()))],
        url_path(WEEKEND): [as_json(good_weekend(9001))],
        url_path(OTHER_WEEKEND): [as_json(good_weekend(9002))],
    }
