"""A season whose last race may be bad, and what a run says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import Nascar
from tests.support.commands import Left, run_on
from tests.support.feed import FeedFolder, Payload, result, season, weekend
from tests.support.homes import copy_home
from tests.support.nascar_results_files import results

YEAR = 2021
NAMES = ("Ann Winner", "Bob Second", "Cy Third", "Di Fourth")


class Prepared(NamedTuple):
    """A home that tests copy, how the last command on it left, and the mirror that it had then."""

    home: Path
    left: Left
    feed: FeedFolder


def prepare(folder: Path, before: Prepared | None, count: int, **of_the_last: object) -> Prepared:
    """Ingest a season of so many races into a copy of a home, or into an empty one."""
    feed, home = FeedFolder(folder / "mirror"), folder / "home"
    put_races(feed, count, **of_the_last)
    if before is not None:
        copy_home(before.home, home)
    return Prepared(home, run_on(home, "ingest", "nascar_feed", "--mirror", feed), feed)


def put_races(feed: FeedFolder, count: int, **of_the_last: object) -> None:
    """A season of so many races, all run; changes are made to the weekend feed of the last."""
    races = season(count, YEAR)
    feed.put_index(*races, year=YEAR)
    for number in range(1, count + 1):
        feed.put_weekend(weekend_of(number, **(of_the_last if number == count else {})), year=YEAR)


def weekend_of(number: int, **changes: object) -> Payload:
    [listed] = season(number, YEAR)[-1:]
    common = {name: listed[name] for name in ("race_id", "race_season", "race_name", "race_date")}
    feed = weekend(**common | changes)
    for name in ("results", "caution_segments", "race_leaders"):
        for row in feed["weekend_race"][0][name]:
            row |= {key: value for key, value in common.items() if key in row}
    return feed


def two_winners() -> list[Payload]:
    return [result(1, "Ann Winner", laps_led=100), result(1, "Bob Second", result_id=2, car_number="12")]


def ingest(nascar: Nascar, mirror: object, *arguments: str) -> Left:
    return nascar("ingest", *(arguments or ("nascar_feed",)), "--mirror", mirror)


def problems(nascar: Nascar) -> list[str]:
    """The documents of which `nascar status` says that something is wrong."""
    rows: list[dict[str, Any]] = json.loads(nascar("status", "--format", "json").out)
    return [row["name"] for row in rows if row["what"] == "problem"]


def version_of(left: Left) -> str:
    """The version that a message offers to accept."""
    return left.err.partition("nascar accept ")[2].split("`")[0]


def spy(tried: list[str]) -> Any:
    from nascar_warehouse.etl.load import trials

    original = trials._problem  # noqa: SLF001  # what is tried is not visible from outside

    def note(candidate: Any, results: Any) -> Any:
        tried.append(candidate.document)
        return original(candidate, results)

    return note


def archived(without: tuple[tuple[int, int], ...] = (), drivers: tuple[str, ...] = NAMES) -> list[dict[str, object]]:
    return [
        row
        for year in (2018, 2019)
        for number in (1, 2, 3)
        if (year, number) not in without
        for row in results(number, *drivers, season=year)
    ]
