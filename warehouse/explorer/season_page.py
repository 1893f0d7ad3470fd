"""A season of a series: its races and how they ended, its standings, and how much of it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.explorer.closest_page import SERIES
from nascar_warehouse.warehouse.explorer.finishes import COLUMNS, margin_words
from nascar_warehouse.warehouse.explorer.page import NotFound

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked
    from nascar_warehouse.warehouse.explorer.published import Record

_FINISHES = f"""
SELECT {COLUMNS}
FROM marts.finishes
WHERE basis = 'line' AND series_id = $series AND season = $season
ORDER BY race_date, race_id
"""  # noqa: S608  # columns of ours
# The views below compute every season in any case, so that all of a series are read once a snapshot.
_SUMMARIES = "SELECT * FROM marts.season_summaries WHERE series_id = $series"
_COVERAGE = "SELECT * FROM marts.margin_coverage WHERE series_id = $series AND season = $season"
_STANDINGS = """
SELECT *
FROM marts.standings
WHERE series_id = $series
QUALIFY row_number() OVER (PARTITION BY season ORDER BY position NULLS LAST, wins DESC, driver_name) <= 25
ORDER BY season, position NULLS LAST, wins DESC, driver_name
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
    number = int(season) if is_season else 0
    wanted = {"series": series, "season": number}
    finishes = asked.snapshot.rows(_FINISHES, **wanted) if series in SERIES else []
    if not finishes:
        raise NotFound(f"there is no race of {series} {season} here", "an address is like /seasons/cup/2024")
    for finish in finishes:
        finish["words"] = margin_words(finish)
    return asked.render(
        "season.html",
        series=series,
        season=number,
        finishes=finishes,
        summary=next(iter(_of_season(asked, _SUMMARIES, series, number)), None),
        coverage=asked.snapshot.row(_COVERAGE, **wanted),
        standings=_of_season(asked, _STANDINGS, series, number),
        neighbours=asked.snapshot.row(_NEIGHBOURS, **wanted),
    )


def _of_season(asked: Asked, statement: str, series: str, season: int) -> list[Record]:
    return [row for row in asked.snapshot.kept_rows(statement, series=series) if row["season"] == season]
