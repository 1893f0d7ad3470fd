"""A season of a series: its races and how they ended, its standings, and how much of it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.explorer.closest_page import SERIES
from nascar_warehouse.warehouse.explorer.finishes import COLUMNS, margin_words
from nascar_warehouse.warehouse.explorer.page import NotFound

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked

_FINISHES = f"""
SELECT {COLUMNS}
FROM marts.finishes
WHERE basis = 'line' AND series_id = $series AND season = $season
ORDER BY race_date, race_id
"""  # noqa: S608  # columns of ours
_SUMMARY = "SELECT * FROM marts.season_summaries WHERE series_id = $series AND season = $season"
_COVERAGE = "SELECT * FROM marts.margin_coverage WHERE series_id = $series AND season = $season"
_STANDINGS = """
SELECT *
FROM marts.standings
WHERE series_id = $series AND season = $season
ORDER BY position NULLS LAST, wins DESC, driver_name
LIMIT 25
"""
_NEIGHBOURS = """
SELECT
  max(season) FILTER (season < $season) AS previous_season,
  min(season) FILTER (season > $season) AS next_season
FROM core.races
WHERE series_id = $series
"""


def show(asked: Asked) -> Answer:
    """The page `/seasons/{series}/{season}`."""
    series, season = asked.ids["series"], asked.ids["season"]
    is_season = season.isascii() and season.isdigit() and len(season) == 4
    wanted = {"series": series, "season": int(season) if is_season else 0}
    finishes = asked.snapshot.rows(_FINISHES, **wanted) if series in SERIES else []
    if not finishes:
        raise NotFound(f"there is no race of {series} {season} here", "an address is like /seasons/cup/2024")
    for finish in finishes:
        finish["words"] = margin_words(finish)
    return asked.render(
        "season.html",
        series=series,
        season=wanted["season"],
        finishes=finishes,
        summary=asked.snapshot.row(_SUMMARY, **wanted),
        coverage=asked.snapshot.row(_COVERAGE, **wanted),
        standings=asked.snapshot.rows(_STANDINGS, **wanted),
        neighbours=asked.snapshot.row(_NEIGHBOURS, **wanted),
    )
