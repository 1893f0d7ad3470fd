"""A mirror of made-up history in the form of the feed, as large as wanted.

    python -m tests.benchmarks.generate --to DIR [--times 10] [--laps [--lap-count N]] [--first-season 2101]

Once is eight seasons of three series, 736 races with 36 or 32 cars each: about what the feed has of the past. Every season of a larger
history is another one, with drivers who come and go. The default seasons are far ahead, where no other source says anything; to ingest
these, `tests.benchmarks.ingest_ahead` moves today there.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from tests.benchmarks.made_races import Place, Track, lap_times, make_race
from tests.support.feed import HOST

SEASONS = 8
"""Seasons of history, once."""
RACES = {1: 36, 2: 33, 3: 23}
"""Races of a season by the number of the series."""
FIRST_SEASON = 2101

_CARS = {1: 40, 2: 40, 3: 36}
"""Drivers of a season; four of them miss each race."""
_NEW_DRIVERS = 5
"""... of whom so many are new each season."""
_MILES = {1: 400, 2: 300, 3: 200}


def write_history(
    target: Path,
    *,
    times: float = 1,
    laps: bool = False,
    first_season: int = FIRST_SEASON,
    races: dict[int, int] | None = None,
    lap_count: int = 0,
) -> Path:
    """Write a mirror and return it; `races` of each season by series, all of them by default.

    With a `lap_count` seasons are added until there are so many laps.
    """
    encode = msgspec.json.Encoder().encode
    last = first_season + math.ceil(times * SEASONS)
    seasons: Iterable[int] = itertools.count(first_season) if lap_count else range(first_season, last)
    written = 0
    for season in seasons:
        listed: dict[str, list[object]] = {"series_1": [], "series_2": [], "series_3": []}
        for place in _places(season, season - first_season, races or RACES):
            made = make_race(place, max(40, round(_MILES[place.series] / place.track.lap_miles)))
            listed[f"series_{place.series}"].append(made.entry)
            folder = target / HOST / str(season) / str(place.series) / str(place.race_id)
            folder.mkdir(parents=True)
            (folder / "weekend-feed.json").write_bytes(encode(made.feed))
            if laps:
                (folder / "lap-times.json").write_bytes(lap_times(made))
                written += sum(car["laps_completed"] + 1 for car in made.feed["weekend_race"][0]["results"])
        (target / HOST / str(season) / "race_list_basic.json").write_bytes(encode(listed))
        if lap_count and written >= lap_count:
            break
    return target


def _places(season: int, years: int, races: dict[int, int]) -> Iterator[Place]:
    tracks = known_tracks()
    for series, count in races.items():
        days = 270 / max(RACES.values())
        first_driver = series * 10_000_000 + years * _NEW_DRIVERS
        for number in range(count):
            yield Place(
                race_id=1_000_000 + years * 100 + sum(RACES[other] for other in RACES if other < series) + number,
                series=series,
                season=season,
                number=number,
                day=date(season, 2, 8) + timedelta(days=int(number * days)),
                track=tracks[(number + series) % len(tracks)],
                drivers=range(first_driver, first_driver + _CARS[series]),
            )


@cache
def known_tracks() -> list[Track]:
    """The ovals that the feed has a number for, and of which one layout is in use today."""
    layouts: dict[str, list[float]] = {}
    for row in _seed("track_layouts"):
        if row["layout"] == "oval" and not row["last_date"]:
            layouts.setdefault(row["track_id"], []).append(float(row["length_miles"]))
    names = {row["track_id"]: row["track_name"] for row in _seed("tracks")}
    return [
        Track(row["track_key"], names[row["track_id"]], layouts[row["track_id"]][0])
        for row in _seed("track_aliases")
        if row["source_id"] == "nascar_feed" and row["layout"] == "oval" and len(layouts.get(row["track_id"], ())) == 1
    ]


def _seed(name: str) -> Iterator[dict[str, str]]:
    with files("nascar_warehouse.sql").joinpath("seeds", f"{name}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.generate")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--times", type=float, default=1)
    parser.add_argument("--laps", action="store_true")
    parser.add_argument("--lap-count", type=int, default=0, help="add seasons until there are so many laps")
    parser.add_argument("--first-season", type=int, default=FIRST_SEASON)
    parser.add_argument("--races", type=int, help="only so many races of a season, all of the first series")
    options = parser.parse_args()
    write_history(
        options.to,
        times=options.times,
        laps=options.laps,
        lap_count=options.lap_count,
        first_season=options.first_season,
        races={1: options.races} if options.races else None,
    )
