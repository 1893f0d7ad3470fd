"""A chart of two columns of an answer: bars, a line or points, by the types of the columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from nascar_warehouse.warehouse.explorer.axis import as_number, number_label, number_ticks, round_steps, time_ticks
from nascar_warehouse.warehouse.explorer.chart import Tick
from nascar_warehouse.warehouse.read.values import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["number", "time", "name"]
WIDTH = 960
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 24, 28, 330
_BAR_LEFT, _BAR_RIGHT, _BAR_STEP = 230, 90, 24
_MOST_BARS = 40
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class ValueBar:
    """A bar: its place and length, its name as far as there is room, and both in full."""

    x: float
    y: float
    width: float
    name: str
    value: str
    value_x: float
    title: str


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """What the template draws: bars, else a path of a line or of points."""

    form: Literal["bars", "line", "points"]
    x_name: str
    y_name: str
    height: float
    bars: list[ValueBar]
    path: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    summary: str
    left_out: str


def kind_of(data_type: Any) -> Kind:
    """What the values of an Arrow type are: numbers, days or moments, else names."""
    import pyarrow as pa

    types = pa.types
    if types.is_integer(data_type) or types.is_floating(data_type) or types.is_decimal(data_type):
        return "number"
    return "time" if types.is_date(data_type) or types.is_timestamp(data_type) else "name"


def draw_columns(x_name: str, y_name: str, x_kind: Kind, rows: Sequence[tuple[object, object]]) -> ColumnChart | None:
    """The chart of pairs of x and a number y; None where no pair can be drawn.

    Names give bars, in the order of the rows. Days, moments and whole numbers that each occur once give a line; other
    numbers, and what occurs more than once, points.
    """
    if x_kind == "name":
        return _draw_bars(x_name, y_name, rows)
    read = as_number if x_kind == "number" else _as_seconds
    places = [(at, value) for x, y in rows if (at := read(x)) is not None and (value := as_number(y)) is not None]
    if not places:
        return None
    return _draw_places(x_name, y_name, x_kind, sorted(places), len(rows) - len(places))


def _draw_places(
    x_name: str, y_name: str, x_kind: Kind, places: list[tuple[float, float]], missing: int
) -> ColumnChart:
    across = [at for at, _ in places]
    is_whole = x_kind == "time" or all(at == round(at) for at in across)
    is_line = is_whole and 1 < len(across) == len(set(across))
    low, high = _with_zero([value for _, value in places])
    y_steps = round_steps(low, high, 6)
    # A line begins at the edge; points are easier to see beside it.
    ends = (across[0], across[-1]) if is_line else _with_zero(across)
    x_steps = round_steps(*ends, least=1.0 if is_whole else 0.0)
    is_padded = x_kind == "number" and not is_line
    first, last = (x_steps[0], x_steps[-1]) if is_padded else (across[0], across[-1])

    def x_of(at: float) -> float:
        share = (at - first) / (last - first) if last > first else 0.5
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * share, 1)

    def y_of(value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (value - y_steps[0]) / (y_steps[-1] - y_steps[0]), 1)

    if x_kind == "time":
        x_ticks = time_ticks(first, last, x_of)
    else:
        ticks = number_ticks(x_steps, x_of)
        x_ticks = [tick for step, tick in zip(x_steps, ticks, strict=True) if first <= step <= last]
    drawn = [f"{x_of(at)} {y_of(value)}" for at, value in places]
    return ColumnChart(
        form="line" if is_line else "points",
        x_name=x_name,
        y_name=y_name,
        height=_BOTTOM + 48,
        bars=[],
        path="M" + "L".join(drawn) if is_line else "".join(f"M{place}h0" for place in dict.fromkeys(drawn)),
        x_ticks=x_ticks,
        y_ticks=number_ticks(y_steps, y_of),
        summary=f"{y_name} by {x_name}, {len(places):,} {'points of a line' if is_line else 'points'}: from"
        f" {_plain(min(value for _, value in places))} to {_plain(max(value for _, value in places))}",
        left_out=_left_out(missing),
    )


def _draw_bars(x_name: str, y_name: str, rows: Sequence[tuple[object, object]]) -> ColumnChart | None:
    known = [(name, value, number) for name, value in rows if (number := as_number(value)) is not None]
    shown = known[:_MOST_BARS]
    if not shown:
        return None
    numbers = [number for *_, number in shown]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    length = WIDTH - _BAR_LEFT - _BAR_RIGHT

    def x_of(number: float) -> float:
        return round(_BAR_LEFT + length * (number - low) / ((high - low) or 1.0), 1)

    bars = []
    for place, (name, value, number) in enumerate(shown):
        text, start, end = as_text(name, null="NULL"), min(x_of(0), x_of(number)), max(x_of(0), x_of(number))
        written = as_text(value, null="")
        short = text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
        label = written if len(written) <= 10 else f"{number:.4g}"
        bars.append(
            ValueBar(start, place * _BAR_STEP + 30, round(end - start, 1), short, label, end + 6, f"{text}: {written}")
        )
    missing = _left_out(len(rows) - len(known))
    if len(known) > len(shown):
        missing = f"The first {_MOST_BARS} rows are drawn. {missing}".strip()
    return ColumnChart(
        form="bars",
        x_name=x_name,
        y_name=y_name,
        height=len(bars) * _BAR_STEP + 38,
        bars=bars,
        path="",
        x_ticks=[Tick(x_of(0), "0")],
        y_ticks=[],
        summary=f"{y_name} by {x_name}, {len(bars)} bars: from {_plain(min(numbers))} to {_plain(max(numbers))}",
        left_out=missing,
    )


def _with_zero(values: list[float]) -> tuple[float, float]:
    """The ends of an axis, with 0 where the values do not keep far from it."""
    low, high = min(values), max(values)
    if 0 <= low <= high / 2:
        return 0.0, high
    return (low, 0.0) if low / 2 <= high <= 0 else (low, high)


def _as_seconds(value: object) -> float | None:
    """A day or a moment in seconds since 1970; None for NULL and for one that Python does not have."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).timestamp()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()
    return None


def _left_out(rows: int) -> str:
    if not rows:
        return ""
    return f"{rows:,} rows without a number are left out." if rows != 1 else "1 row without a number is left out."


def _plain(number: float) -> str:
    return number_label(number, 0 if number == round(number) else 3)
