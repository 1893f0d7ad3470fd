"""A linear axis with round numbers, or one of time with dates, for charts whose values are not known beforehand."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.explorer.chart import Tick
from nascar_warehouse.warehouse.explorer.site import day

if TYPE_CHECKING:
    from collections.abc import Callable

    Scale = Callable[[float], float]

LARGEST = 1e30
"""Values beyond this are not drawn: the length of an axis with them may be infinite."""
_SMALLEST = 1e-30
_MOST_TICKS = 8
_DAY = 86_400.0
_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_YEAR = 365.25 * _DAY


def as_number(value: object) -> float | None:
    """A number that can be drawn; None for NULL, NaN, infinity and what is too large."""
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]  # a value of a column of numbers
    if not abs(number) <= LARGEST:
        return None
    return number if abs(number) >= _SMALLEST else 0.0


def round_steps(low: float, high: float, most: int = _MOST_TICKS, *, least: float = 0.0) -> list[float]:
    """Multiples of 1, 2 or 5 of a power of ten, about `most` from below one value to above another.

    They are not closer than `least`, such as 1 for whole numbers.
    """
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= span / most * 0.999)
    step = max(step, least)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [number * step for number in range(first, max(last, first + 1) + 1)]


def number_ticks(steps: list[float], scale: Scale) -> list[Tick]:
    """The ticks at some steps; a number of four digits has no separator, because it is often a year."""
    decimals = max(0, -math.floor(math.log10(steps[1] - steps[0]) + 1e-9))
    return [Tick(scale(step), number_label(step, decimals)) for step in steps]


def number_label(value: float, decimals: int) -> str:
    """A number as an axis has it."""
    if abs(value) >= 1e12 or decimals > 6:
        return f"{value:.3g}"
    return f"{value:.{decimals}f}" if abs(value) < 10_000 else f"{value:,.{decimals}f}"


def time_ticks(low: float, high: float, scale: Scale) -> list[Tick]:
    """The ticks between two times in seconds since 1970: years, else five days or moments."""
    if high - low > 4 * _YEAR:
        first, last = _moment(low).year, _moment(high).year
        step = next((step for step in _YEAR_STEPS if (last - first) / step <= _MOST_TICKS), 2000)
        years = [year for year in range(first + 1, last + 1) if year % step == 0]
        return [Tick(scale(datetime(year, 1, 1, tzinfo=UTC).timestamp()), str(year)) for year in years]
    moments = [low + (high - low) * part / 4 for part in range(5)] if high > low else [low]
    with_time = high - low < 4 * _DAY and bool(low % _DAY or high % _DAY)
    labels = {
        f"{day(moment)}{f', {moment:%H:%M}' if with_time else ''}": scale(at)
        for at in reversed(moments)
        for moment in [_moment(at)]
    }
    return [Tick(at, label) for label, at in labels.items()]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
