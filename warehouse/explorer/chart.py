"""The geometry of the chart of every finish by date: a logarithmic axis of seconds, and the record as a step line.

Coordinates are those of the SVG, rounded to tenths so that a page stays small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    _Scale = Callable[[date], float]

WIDTH, HEIGHT = 960, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 84
_STRIP_HEIGHT = 24
_MOST_YEAR_LABELS = 12
_LABELLED_POINTS = 10


@dataclass(frozen=True, slots=True)
class Finish:
    """A finish to draw: its margin in seconds, and what it is called."""

    race_id: str
    race_date: date
    margin_seconds: Decimal
    title: str


@dataclass(frozen=True, slots=True)
class SeasonCoverage:
    """Of how many races of a season the margin is known, of how many there were."""

    season: int
    known: int
    races: int


@dataclass(frozen=True, slots=True)
class Point:
    """A finish with a title and a link."""

    x: float
    y: float
    race_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of an axis and its label, which may be empty."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A season in the strip below the chart: its place, and how high its known part is."""

    x: float
    width: float
    known_y: float
    known_height: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws. `dots` and `record` are SVG path data."""

    dots: str
    record: str
    points: list[Point]
    seconds: list[Tick]
    years: list[Tick]
    strip: list[Bar]
    strip_top: float
    strip_height: float
    summary: str


def draw_chart(finishes: Sequence[Finish], coverage: Sequence[SeasonCoverage]) -> Chart | None:
    """The chart of some finishes; None when there are none, or none above 0 seconds."""
    drawn = sorted((one for one in finishes if one.margin_seconds > 0), key=lambda one: (one.race_date, one.race_id))
    if not drawn:
        return None
    years = [one.race_date.year for one in drawn] + [one.season for one in coverage]
    first, last = min(years), max(years) + 1
    low = math.floor(math.log10(min(one.margin_seconds for one in drawn)))
    high = max(math.ceil(math.log10(max(one.margin_seconds for one in drawn))), low + 1)

    def x_of(day: date) -> float:
        start, end = date(first, 1, 1).toordinal(), date(last, 1, 1).toordinal()
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day.toordinal() - start) / (end - start), 1)

    def y_of(exponent: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - exponent) / (high - low), 1)

    places = [(x_of(one.race_date), y_of(math.log10(one.margin_seconds)), one) for one in drawn]
    closest = sorted(places, key=lambda place: place[2].margin_seconds)[:_LABELLED_POINTS]
    best = closest[0][2]
    strip_top = HEIGHT - BOTTOM + 34
    return Chart(
        dots="".join(f"M{x} {y}h0" for x, y, _ in places),
        record=_record_line(places),
        points=[Point(x, y, one.race_id, one.title) for x, y, one in closest],
        seconds=[Tick(y_of(exponent), f"{10.0**exponent:g} s") for exponent in range(low, high + 1)],
        years=_year_ticks(first, last, x_of),
        strip=[_bar(one, x_of, strip_top) for one in coverage],
        strip_top=strip_top,
        strip_height=_STRIP_HEIGHT,
        summary=f"{len(drawn):,} finishes from {drawn[0].race_date.year} to {drawn[-1].race_date.year};"
        f" the closest: {best.title}",
    )


def _record_line(places: Sequence[tuple[float, float, Finish]]) -> str:
    """Steps down at each new record, as a path to the right edge."""
    line, best = "", None
    for x, y, one in places:
        if best is None:
            line = f"M{x} {y}"
        elif one.margin_seconds < best:
            line += f"H{x}V{y}"
        best = one.margin_seconds if best is None else min(best, one.margin_seconds)
    return f"{line}H{WIDTH - RIGHT}"


def _year_ticks(first: int, last: int, x_of: _Scale) -> list[Tick]:
    step = next((step for step in (1, 2, 5, 10) if (last - first) / step <= _MOST_YEAR_LABELS), 20)
    return [Tick(x_of(date(year, 1, 1)), str(year)) for year in range(first, last) if year % step == 0]


def _bar(season: SeasonCoverage, x_of: _Scale, top: float) -> Bar:
    left, right = x_of(date(season.season, 1, 1)), x_of(date(season.season + 1, 1, 1))
    share = min(1.0, season.known / season.races) if season.races else 0.0
    height = round(_STRIP_HEIGHT * share, 1)
    title = f"{season.season}: {season.known} of {season.races} known"
    return Bar(left, round(max(right - left - 1, 0.5), 1), round(top + _STRIP_HEIGHT - height, 1), height, title)
