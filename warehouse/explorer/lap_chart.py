"""The position of each car over the laps of a race: a line a car, and the same at some laps as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.explorer.chart import Tick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nascar_warehouse.warehouse.explorer.race_strip import Strip

LEFT, RIGHT, TOP, ROW = 34, 790, 14, 15
_LABELS = 10
_COLOURED = 7
FIRST_SEASON = 2020
"""The league's feed has lap times since; see docs/sources.md."""

CARS = """
SELECT
  laps.car_number,
  any_value(laps.driver_id) AS driver_id,
  coalesce(any_value(laps.driver_name), 'car ' || laps.car_number) AS driver_name,
  any_value(results.finish_position) AS finish_position,
  list(laps.lap_number ORDER BY laps.lap_number) AS laps,
  list(laps.running_position ORDER BY laps.lap_number) AS positions
FROM marts.lap_positions AS laps
LEFT JOIN core.results AS results
  ON laps.race_id = results.race_id AND laps.car_number = results.car_number AND results.is_starter
WHERE laps.race_id = $race_id AND laps.running_position IS NOT NULL
GROUP BY laps.car_number
ORDER BY max(laps.lap_number) DESC, arg_max(laps.running_position, laps.lap_number), laps.car_number
"""
"""The cars of a race with known laps: first those that ran longest, in the order in which they ended."""


@dataclass(frozen=True, slots=True)
class CarLine:
    """A car: its line as SVG path data, its colour (None is grey), the row of its name, and its place at each tick."""

    driver_id: str | None
    driver_name: str
    car_number: str
    finish_position: int | None
    path: str
    colour: int | None
    end_x: float
    end_y: int
    name_y: int
    places: list[int | None]
    title: str


@dataclass(frozen=True, slots=True)
class LapChart:
    """The lines, those with a colour last so that they are on top; ticks of laps and of places; the cautions."""

    cars: list[CarLine]
    laps: list[Tick]
    places: list[Tick]
    cautions: list[tuple[float, float, str]]
    height: int
    summary: str

    @property
    def drawn(self) -> list[CarLine]:
        """The cars in the order of drawing."""
        return sorted(self.cars, key=lambda car: (car.colour is not None, -(car.colour or 0)))


def draw_laps(
    cars: Sequence[Mapping[str, Any]], cautions: Sequence[Mapping[str, Any]], strip: Strip | None
) -> LapChart | None:
    """The chart of the rows of `CARS`; None without any. Drivers have the colour that they have in the strip of leads.

    Lap 0 is the run to the green flag: the positions there are those of the start.
    """
    last = max((car["laps"][-1] for car in cars), default=0)
    if not last:
        return None
    deepest = max(max(car["positions"]) for car in cars)
    rows = max(deepest, len(cars))

    def x_of(lap: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * lap / last, 1)

    step = next((step for step in (1, 2, 5, 10, 20, 25, 50, 100) if last / step <= _LABELS), 200)
    ticks = [0, *range(step, last - step // 3, step), last]
    colours = _colours(cars, strip)
    lines = [_line(car, x_of, ticks, colours.get(car["driver_name"]), TOP + ROW * row) for row, car in enumerate(cars)]
    winner = lines[0]
    return LapChart(
        cars=lines,
        laps=[Tick(x_of(lap), str(lap) if lap else "start") for lap in ticks],
        places=[Tick(TOP + ROW * (place - 1), str(place)) for place in (1, *range(5, rows + 1, 5))],
        cautions=[
            (
                x_of(caution["start_lap"] - 1),
                round(x_of(caution["end_lap"]) - x_of(caution["start_lap"] - 1), 1),
                "Caution",
            )
            for caution in cautions
            if caution["start_lap"] and caution["end_lap"]
        ],
        height=TOP + ROW * rows + 24,
        summary=f"Positions of {len(cars)} cars over {last} laps; first at the end: {winner.driver_name},"
        f" who started {_ordinal(winner.places[0])}",
    )


def _line(car: Mapping[str, Any], x_of: Any, ticks: Sequence[int], colour: int | None, name_y: int) -> CarLine:
    """A line that moves only where the position changes, so that a race stays small."""
    laps, positions = car["laps"], car["positions"]
    at = dict(zip(laps, positions, strict=True))
    path, before = f"M{x_of(laps[0])} {_y(positions[0])}", 0
    for place in range(1, len(laps)):
        if positions[place] == positions[place - 1] and laps[place] == laps[place - 1] + 1:
            continue
        if before < place - 1:
            path += f"H{x_of(laps[place - 1])}"
        path, before = f"{path}L{x_of(laps[place])} {_y(positions[place])}", place
    end_x = x_of(laps[-1])
    finished = f", finished {_ordinal(car['finish_position'])}" if car["finish_position"] else ""
    return CarLine(
        driver_id=car["driver_id"],
        driver_name=car["driver_name"],
        car_number=car["car_number"],
        finish_position=car["finish_position"],
        path=path if before == len(laps) - 1 else f"{path}H{end_x}",
        colour=colour,
        end_x=end_x,
        end_y=_y(positions[-1]),
        name_y=name_y,
        places=[at.get(lap) for lap in ticks],
        title=f"{car['driver_name']}, car {car['car_number']}: started {_ordinal(at.get(0))}{finished}",
    )


def _colours(cars: Sequence[Mapping[str, Any]], strip: Strip | None) -> dict[str, int]:
    """The first seven colours, of those who led most laps or else ended in front; the eighth is of the first car."""
    names = [leader.name for leader in strip.leaders[:_COLOURED]] if strip and strip.leaders else []
    names = names or [car["driver_name"] for car in cars[:_COLOURED]]
    return {cars[0]["driver_name"]: _COLOURED} | {name: colour for colour, name in enumerate(names)}


def _y(position: int) -> int:
    return TOP + ROW * (position - 1)


def _ordinal(number: int | None) -> str:
    if number is None:
        return "unknown"
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
