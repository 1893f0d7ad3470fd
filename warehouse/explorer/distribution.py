"""How margins are spread in each era and on each kind of track, as boxes on a logarithmic scale."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 300
_LOW, _HIGH = -3.0, 1.5
_FEWEST = 5
_ERAS = ((2003, "1993 to 2002"), (2013, "2003 to 2012"), (2022, "2013 to 2021"), (9999, "since 2022"))
KINDS = """
SELECT
  races.race_id,
  CASE
    WHEN layouts.kind IN ('road course', 'street course') THEN 'Road and street courses'
    WHEN races.lap_length_miles >= 2.4 THEN 'Ovals of 2.4 miles and more'
    WHEN races.lap_length_miles >= 1 THEN 'Ovals of 1 to 2.4 miles'
    WHEN races.lap_length_miles < 1 THEN 'Short tracks, under a mile'
  END AS kind
FROM core.races AS races
LEFT JOIN core.track_layouts AS layouts ON races.layout_id = layouts.layout_id
WHERE races.series_id = $series
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """The margins of a group: how many, the share within a tenth of a second, the median, and its box in pixels."""

    name: str
    finishes: int
    share_within_tenth: float
    median_seconds: float
    low_x: float
    box_x: float
    box_width: float
    median_x: float
    high_x: float


def era_of(season: int) -> str:
    """The group of a season; they change with the cars and the rules of a start after a caution."""
    return next(name for end, name in _ERAS if season < end)


def spread_by_group(margins: Sequence[tuple[str | None, float]], *, order: Sequence[str] = ()) -> list[Spread]:
    """One for each group of at least five margins, in an order, else from the closest median."""
    groups: dict[str, list[float]] = {}
    for name, margin in margins:
        if name is not None and margin > 0:
            groups.setdefault(name, []).append(margin)
    spreads = [_spread(name, values) for name, values in groups.items() if len(values) >= _FEWEST]
    if order:
        return sorted(spreads, key=lambda spread: order.index(spread.name))
    return sorted(spreads, key=lambda spread: spread.median_seconds)


ERA_NAMES = tuple(name for _, name in _ERAS)


def _spread(name: str, values: Sequence[float]) -> Spread:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    tenth, quarter, median, three_quarters, nine_tenths = (cuts[place] for place in (1, 4, 9, 14, 17))
    box_x = _x(quarter)
    return Spread(
        name,
        len(values),
        sum(value <= 0.1 for value in values) / len(values),
        median,
        _x(tenth),
        box_x,
        round(_x(three_quarters) - box_x, 1),
        _x(median),
        _x(nine_tenths),
    )


def _x(seconds: float) -> float:
    exponent = min(max(math.log10(seconds), _LOW), _HIGH)
    return round(WIDTH * (exponent - _LOW) / (_HIGH - _LOW), 1)


TICKS = tuple((_x(10.0**exponent), f"{10.0**exponent:g}") for exponent in range(-3, 2))
