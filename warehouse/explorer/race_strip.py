"""A race over its laps: who led when, and the cautions, as a strip; and the gaps at the line as bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH = 960
_COLOURS = 8
_LABELS = 10
GAP_WIDTH = 120
_OTHERS = "other leaders"


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle: its place, its number among the colours, and its title."""

    x: float
    width: float
    colour: int
    title: str


@dataclass(frozen=True, slots=True)
class Leader:
    """A line of the legend: the most laps led first; the last colour is for all others."""

    name: str
    laps: int
    colour: int


@dataclass(frozen=True, slots=True)
class Strip:
    """The parts of a race, in the pixels of a drawing of `WIDTH`."""

    leads: list[Part]
    cautions: list[Part]
    leaders: list[Leader]
    laps: list[tuple[float, int]]


def draw_strip(
    leads: Sequence[Mapping[str, Any]], cautions: Sequence[Mapping[str, Any]], laps_completed: int | None
) -> Strip | None:
    """The strip of a race; None where neither leads nor cautions are known lap by lap.

    `leads` have driver_name, car_number, start_lap, end_lap and laps_led; `cautions` start_lap, end_lap and words.
    """
    leads = [lead for lead in leads if lead["start_lap"] and lead["end_lap"]]
    cautions = [caution for caution in cautions if caution["start_lap"] and caution["end_lap"]]
    last = max([laps_completed or 0, *(part["end_lap"] for part in (*leads, *cautions))])
    if not (leads or cautions):
        return None
    led: dict[str, int] = {}
    for lead in leads:
        led[lead["driver_name"]] = led.get(lead["driver_name"], 0) + lead["end_lap"] - lead["start_lap"] + 1
    ranked = sorted(led, key=lambda name: -led[name])
    colours = {name: min(place, _COLOURS - 1) for place, name in enumerate(ranked)}
    legend = [Leader(name, led[name], colours[name]) for name in ranked[: _COLOURS - 1]]
    if rest := ranked[_COLOURS - 1 :]:
        legend.append(Leader(rest[0] if len(rest) == 1 else _OTHERS, sum(led[name] for name in rest), _COLOURS - 1))

    def place(part: Mapping[str, Any], colour: int, title: str) -> Part:
        x = round(WIDTH * (part["start_lap"] - 1) / last, 1)
        return Part(x, round(WIDTH * part["end_lap"] / last - x, 1), colour, f"{title}, {_laps(part)}")

    step = next((step for step in (10, 20, 25, 50, 100) if last / step <= _LABELS), 200)
    return Strip(
        [place(lead, colours[lead["driver_name"]], lead["driver_name"]) for lead in leads],
        [place(caution, 0, caution["words"] or "Caution") for caution in cautions],
        legend,
        [(round(WIDTH * lap / last, 1), lap) for lap in range(step, last + 1, step)],
    )


def gap_widths(results: Sequence[Mapping[str, Any]]) -> list[float | None]:
    """How wide the bar of each car's gap is: to the scale of the last car on the lead lap."""
    gaps = [None if row["gap_seconds"] is None or row["gap_laps"] else float(row["gap_seconds"]) for row in results]
    longest = max((gap for gap in gaps if gap is not None), default=0.0)
    return [None if gap is None or not longest else round(GAP_WIDTH * gap / longest, 1) for gap in gaps]


def _laps(part: Mapping[str, Any]) -> str:
    first, last = part["start_lap"], part["end_lap"]
    return f"lap {first}" if first == last else f"laps {first} to {last}"
