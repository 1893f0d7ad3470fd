"""A finish drawn to scale: two cars at the line, the second as far behind as the margin is estimated in feet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

CAR_FEET = 16.1
"""The length of a Cup car since 2022: 193.4 inches. Earlier ones were some inches longer."""
_PIXELS_PER_FOOT = 6.0
_LINE_AT = 166.0
_SHORTEST_PART = 12


@dataclass(frozen=True, slots=True)
class AtTheLine:
    """Where the cars begin, in pixels; `second_x` is None when the second car is too far behind to be drawn.

    It may be negative: then only the nose of that car is in the drawing.
    """

    line_x: float
    first_x: float
    second_x: float | None
    nose_x: float
    car_width: float
    description: str


def draw_at_the_line(feet: Decimal | None) -> AtTheLine | None:
    """The drawing of a margin in feet; None where the estimate is unknown."""
    if feet is None:
        return None
    car_width = round(CAR_FEET * _PIXELS_PER_FOOT, 1)
    nose = round(_LINE_AT - float(feet) * _PIXELS_PER_FOOT, 1)
    second = round(nose - car_width, 1)
    cars = float(feet) / CAR_FEET
    length = f"{cars:.1f} car lengths" if cars >= 1 else f"{cars * 100:.0f} % of a car length"
    return AtTheLine(
        line_x=_LINE_AT,
        first_x=round(_LINE_AT - car_width, 1),
        second_x=second if nose >= _SHORTEST_PART else None,
        nose_x=max(nose, 0),
        car_width=car_width,
        description=f"about {length}",
    )
