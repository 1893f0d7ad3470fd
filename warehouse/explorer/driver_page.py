"""A driver: seasons, and wins and second places by margin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.explorer.finishes import COLUMNS, coverage_words, margin_words
from nascar_warehouse.warehouse.explorer.page import NotFound
from nascar_warehouse.warehouse.explorer.site import day, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked

WIDTH = 720
_LOW, _HIGH = -3.0, 2.0

_DRIVER = "SELECT * FROM core.drivers WHERE driver_id = $driver_id"
_NAMES = """
SELECT DISTINCT driver_name
FROM core.driver_names
WHERE driver_id = $driver_id AND driver_name <> $driver_name
ORDER BY driver_name
"""
_CAREERS = """
SELECT *
FROM marts.driver_careers
WHERE driver_id = $driver_id
ORDER BY series_id = 'cup' DESC, series_id
"""
_SEASONS = """
SELECT *
FROM marts.driver_seasons
WHERE driver_id = $driver_id
ORDER BY season DESC, series_id
"""
_FINISHES = f"""
SELECT {COLUMNS}
FROM marts.finishes
WHERE basis = 'line' AND counts_as_official_win AND $driver_id IN (winner_id, runner_up_id)
ORDER BY race_date DESC, race_id
"""  # noqa: S608  # columns of ours


@dataclass(frozen=True, slots=True)
class MarginStrip:
    """Wins above and second places below a logarithmic axis; paths of dots, and the closest of each with a title."""

    wins: str
    losses: str
    closest: list[tuple[float, int, str, str]]
    ticks: list[tuple[float, str]]
    counts: tuple[int, int]


def show(asked: Asked) -> Answer:
    """The page `/drivers/{driver_id}`."""
    driver_id = asked.ids["driver_id"]
    driver = asked.snapshot.row(_DRIVER, driver_id=driver_id)
    if driver is None:
        raise NotFound(f"there is no driver {driver_id!r} here", "the search finds drivers by name")
    finishes = asked.snapshot.rows(_FINISHES, driver_id=driver_id)
    for finish in finishes:
        finish["words"] = margin_words(finish)
    return asked.render(
        "driver.html",
        driver=driver,
        names=[
            row["driver_name"]
            for row in asked.snapshot.rows(_NAMES, driver_id=driver_id, driver_name=driver["driver_name"])
        ],
        careers=asked.snapshot.rows(_CAREERS, driver_id=driver_id),
        seasons=asked.snapshot.rows(_SEASONS, driver_id=driver_id),
        finishes=finishes,
        coverage=coverage_words(finishes),
        strip=draw_margins(finishes, driver_id),
    )


def draw_margins(finishes: Sequence[dict[str, Any]], driver_id: str) -> MarginStrip | None:
    """The ranked margins of a driver; None without any."""
    ranked = [finish for finish in finishes if finish["is_ranked"] and finish["margin_seconds"]]
    if not ranked:
        return None
    wins = [finish for finish in ranked if finish["winner_id"] == driver_id]
    losses = [finish for finish in ranked if finish["winner_id"] != driver_id]
    closest = [
        (_x(one["margin_seconds"]), y, one["race_id"], _title(one))
        for group, y in ((wins, 28), (losses, 84))
        for one in sorted(group, key=lambda finish: finish["margin_seconds"])[:1]
    ]
    return MarginStrip(
        wins="".join(f"M{_x(one['margin_seconds'])} 28h0" for one in wins),
        losses="".join(f"M{_x(one['margin_seconds'])} 84h0" for one in losses),
        closest=closest,
        ticks=[(_x(10.0**exponent), f"{10.0**exponent:g} s") for exponent in range(-3, 3)],
        counts=(len(wins), len(losses)),
    )


def _title(finish: dict[str, Any]) -> str:
    return f"{seconds(finish['margin_seconds'])} s, {finish['race_name']}, {day(finish['race_date'])}"


def _x(margin: Any) -> float:
    exponent = min(max(math.log10(margin), _LOW), _HIGH)
    return round(WIDTH * (exponent - _LOW) / (_HIGH - _LOW), 1)
