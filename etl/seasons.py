"""Seasons as a person writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

FIRST_SEASON = 1949

_SEASONS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)


def read_seasons(text: str, today: date) -> tuple[int, ...]:
    """Read `2024`, `2018-2025` or `2018,2020-2022`; next year's season may be on sale already, nothing later is."""
    seasons: set[int] = set()
    for part in text.split(","):
        match = _SEASONS.fullmatch(part.strip())
        if match is None:
            raise UsageError(f"{text!r} names no seasons", "write 2024, 2018-2025 or 2018,2020-2022")
        first, last = int(match[1]), int(match[2] or match[1])
        if not FIRST_SEASON <= first <= last <= today.year + 1:
            raise UsageError(
                f"{part.strip()!r} is outside {FIRST_SEASON}-{today.year + 1}, or the wrong way round",
                "write 2018-2025",
            )
        seasons.update(range(first, last + 1))
    return tuple(sorted(seasons))
