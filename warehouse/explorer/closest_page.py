"""The closest finishes: filters and order in the address, coverage, the ranking drawn to scale, and the chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.explorer import distribution
from nascar_warehouse.warehouse.explorer.at_the_line import CAR_FEET, draw_at_the_line
from nascar_warehouse.warehouse.explorer.chart import SeasonCoverage
from nascar_warehouse.warehouse.explorer.finishes import chart_of_rows
from nascar_warehouse.warehouse.explorer.site import SERIES_NAMES
from nascar_warehouse.warehouse.read.ranking import (
    ABSENT_RACES,
    Coverage,
    Question,
    coverage_on,
    explain_empty_on,
    rank_ids_on,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.chart import Chart
    from nascar_warehouse.warehouse.explorer.page import Asked
    from nascar_warehouse.warehouse.explorer.published import Snapshot

SERIES = tuple(SERIES_NAMES)
BASES = ("line", "official")
SORTS = {
    "margin": ("rank", "race_date"),
    "date": ("race_date", "rank"),
    "track": ("track_name", "rank"),
    "winner": ("winner", "rank"),
    "runner-up": ("runner_up", "rank"),
}
ROWS_PER_PAGE = 25
FIRST_SEASON, LAST_SEASON = 1949, 2100
_ALL = 1_000_000

_FINISHES = """
SELECT closest.* EXCLUDE (rank), finishes.margin_inches_estimate
FROM marts.closest(series := $series, basis := $basis, exhibitions := true) AS closest
INNER JOIN marts.finishes AS finishes ON closest.race_id = finishes.race_id AND finishes.basis = $basis
"""
_TRACKS = """
SELECT DISTINCT track_id, track_name
FROM marts.finishes
WHERE series_id = $series AND is_ranked AND track_id IS NOT NULL
ORDER BY track_name
"""
_MAKES = """
SELECT DISTINCT winner_make AS make
FROM marts.finishes
WHERE series_id = $series AND is_ranked AND winner_make IS NOT NULL
ORDER BY make
"""
_SEASONS = """
SELECT
  season,
  margins_in_seconds + margins_in_other_units + finishes_under_caution AS known,
  greatest(races_known, coalesce(races_run, 0)) AS races
FROM marts.margin_coverage
WHERE
  series_id = $series
  AND season >= 1993
  AND season <= (SELECT max(season) FROM core.races)
ORDER BY season
"""


@dataclass(frozen=True, slots=True)
class CoverageBar:
    """The races of a selection in four parts, and the width of each on a bar of 100."""

    parts: list[tuple[str, str, int, float, float]]
    """Each: CSS class, label, races, left edge, width."""
    sentence: str


def read_question(asked: Asked) -> Question:
    """The question that the query of an address asks; `UsageError` for a value that cannot be."""
    return Question(
        series=asked.choice("series", SERIES),
        basis=asked.choice("basis", BASES),
        season_from=asked.number("from", None, FIRST_SEASON, LAST_SEASON),
        season_to=asked.number("to", None, FIRST_SEASON, LAST_SEASON),
        track=asked.text("track"),
        driver=asked.text("driver"),
        make=asked.text("make"),
        exhibitions=asked.choice("exhibitions", ("no", "yes")) == "yes",
        limit=_ALL,
    )


def show(asked: Asked) -> Answer:
    """The page `/`."""
    question = read_question(asked)
    sort = asked.choice("sort", (*SORTS, *(f"-{name}" for name in SORTS)))
    ranked = _rank(asked.snapshot, question)
    pages = max(1, -(-len(ranked) // ROWS_PER_PAGE))
    page = min(asked.number("page", 1, 1, _ALL) or 1, pages)
    shown = sort_finishes(ranked, sort)[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    for row in shown:
        row["drawing"] = draw_at_the_line(row["margin_feet_estimate"])
    return asked.render(
        "closest.html",
        question=question,
        tracks=asked.snapshot.kept_rows(_TRACKS, series=question.series),
        makes=[row["make"] for row in asked.snapshot.kept_rows(_MAKES, series=question.series)],
        rows=shown,
        finishes=len(ranked),
        first_row=(page - 1) * ROWS_PER_PAGE + 1,
        page=page,
        pages=pages,
        sort=sort,
        sorts=list(SORTS),
        coverage=draw_coverage(coverage_in(asked.snapshot, question), len(ranked)),
        why_empty="" if ranked else explain_empty_on(asked.snapshot.con, question),
        chart=chart_of(asked.snapshot, question, ranked),
        spreads=_spreads(asked, question, ranked),
        spread_ticks=distribution.TICKS,
        spread_width=distribution.WIDTH,
        car_feet=CAR_FEET,
    )


def coverage_in(snapshot: Snapshot, question: Question) -> Coverage:
    """How much of a selection is known; what is the same for the whole series is read once a snapshot."""
    absent = snapshot.kept_rows(ABSENT_RACES, series=question.series)
    return coverage_on(snapshot.con, question, [(row["season"], row["races"]) for row in absent])  # type: ignore[misc]  # two whole numbers


def _rank(snapshot: Snapshot, question: Question) -> list[dict[str, Any]]:
    """The ranking. Only ranks and ids are read for each question: the finishes themselves once a snapshot."""
    finishes = snapshot.kept_rows(_FINISHES, series=question.series, basis=question.basis)
    by_id = {row["race_id"]: row for row in finishes}
    return [{**by_id[race_id], "rank": rank} for rank, race_id in rank_ids_on(snapshot.con, question)]


def sort_finishes(ranked: Sequence[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Finishes in an order of `SORTS`, reversed after a minus; those without a value come last."""
    columns = SORTS[sort.removeprefix("-")]
    known = [row for row in ranked if row[columns[0]] is not None]
    known.sort(key=lambda row: tuple(row[column] for column in columns), reverse=sort.startswith("-"))
    return known + [row for row in ranked if row[columns[0]] is None]


def draw_coverage(coverage: Coverage, ranked: int) -> CoverageBar:
    """How much of a selection is known, as a bar and as a sentence."""
    counts = (
        ("ranked", "ranked", min(ranked, coverage.margins_known)),
        ("caution", "known, not ranked: under caution, in laps, or rounded", max(coverage.margins_known - ranked, 0)),
        ("unknown", "margin unknown", coverage.races - coverage.margins_known),
        ("absent", "races not in this warehouse", coverage.races_not_here),
    )
    total = sum(count for _, _, count in counts) or 1
    parts, left = [], 0.0
    for name, label, count in counts:
        width = 100 * count / total
        parts.append((name, label, count, round(left, 2), round(width, 2)))
        left += width
    share = 100 * coverage.margins_known / total
    sentence = f"The finish is known for {coverage.margins_known:,} of {total:,} races since electronic timing"
    return CoverageBar(parts, f"{sentence} ({share:.0f}\N{NO-BREAK SPACE}%).")


def chart_of(snapshot: Snapshot, question: Question, ranked: Sequence[dict[str, Any]]) -> Chart | None:
    """The chart of every ranked finish, with the coverage of each season of the series."""
    first, last = question.season_from or 0, question.season_to or 9999
    seasons = [
        row
        for row in snapshot.kept_rows(_SEASONS, series=question.series)
        if first <= row["season"] <= last  # type: ignore[operator]  # a whole number
    ]
    return chart_of_rows(ranked, [SeasonCoverage(*row.values()) for row in seasons])  # type: ignore[arg-type]  # the columns of _SEASONS


def _spreads(
    asked: Asked, question: Question, ranked: Sequence[dict[str, Any]]
) -> list[tuple[str, list[distribution.Spread]]]:
    kinds = {
        row["race_id"]: row["kind"] for row in asked.snapshot.kept_rows(distribution.KINDS, series=question.series)
    }
    by_era = [(distribution.era_of(row["season"]), float(row["margin_seconds"])) for row in ranked]
    by_kind = [(kinds.get(row["race_id"]), float(row["margin_seconds"])) for row in ranked]
    return [
        ("By era", distribution.spread_by_group(by_era, order=distribution.ERA_NAMES)),
        ("By kind of track", distribution.spread_by_group(by_kind)),  # type: ignore[arg-type]  # a column of text
    ]
