"""What a person asks for on the command line: seasons, series and sources, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import SERIES, Selection
from nascar_warehouse.etl.seasons import read_seasons
from nascar_warehouse.warehouse.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


def read_selection(today: date, seasons: str | None, series: Sequence[str], extras: Sequence[str]) -> Selection:
    """Read what was asked for; anything that cannot be meant raises `UsageError`."""
    for name in series:
        if name not in SERIES:
            raise UsageError(f"there is no series {name!r}", f"use {', '.join(SERIES)}")
    for name in extras:
        if name != "laps":
            raise UsageError(f"there is nothing called {name!r} to add", "use --with laps")
    return Selection(
        today=today,
        seasons=None if seasons is None else read_seasons(seasons, today),
        series=tuple(series) or SERIES,
        laps="laps" in extras,
    )
