"""Finishes as rows of a page: the columns of `marts.finishes` that pages list, and margins as words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.explorer.chart import Finish, draw_chart
from nascar_warehouse.warehouse.explorer.site import day, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nascar_warehouse.warehouse.explorer.chart import Chart, SeasonCoverage
    from nascar_warehouse.warehouse.explorer.published import Record

COLUMNS = """
  race_id, series_id, season, race_number, race_date, race_name, track_id, track_name, counts_as_official_win,
  winner_id, winner, winner_car_number, winner_make, runner_up_id, runner_up, runner_up_car_number, runner_up_make,
  margin_kind, margin_value, margin_unit, margin_seconds, margin_text, is_lower_bound, is_approximate,
  margin_feet_estimate, timing, is_ranked, note, missing_reason
"""


def margin_words(row: Record) -> str:
    """The margin of a finish as people say it; why it is not a time where it is none."""
    kind, value = row["margin_kind"], row["margin_value"]
    about = "about " if row["is_approximate"] else ""
    if row["is_lower_bound"]:
        # Where no page prints it, the laps of the first two say how many it was at least.
        about = "more than " if row["margin_text"] else "at least "
    if kind == "under_caution":
        return "under caution"
    if kind == "dead_heat":
        return "dead heat"
    if row["margin_seconds"] is not None:
        return f"{about}{seconds(row['margin_seconds'])} s"  # type: ignore[arg-type]  # a column of decimals
    if kind == "unknown" or value is None:
        return str(row["margin_text"] or "unknown")
    number = f"{value:f}".rstrip("0").rstrip(".")
    unit = str(row["margin_unit"] or "").replace("_", " ")
    return f"{about}{number} {unit.removesuffix('s') if number == '1' else unit}".strip()


def coverage_words(rows: Sequence[Record]) -> str:
    """Of how many races since electronic timing the finish is known: what stands beside every ranking."""
    electronic = [row for row in rows if row["timing"] == "electronic"]
    known = sum(row["margin_kind"] != "unknown" for row in electronic)
    return f"The finish is known for {known:,} of {len(electronic):,} races here since electronic timing, May 1993."


def chart_of_rows(rows: Sequence[dict[str, Any]], coverage: Sequence[SeasonCoverage] = ()) -> Chart | None:
    """The chart of the finishes with a time; None without any."""
    finishes = [
        Finish(
            row["race_id"],
            row["race_date"],
            row["margin_seconds"],
            f"{seconds(row['margin_seconds'])} s, {row['winner']} over {row['runner_up'] or 'unknown'},"
            f" {row['race_name']}, {day(row['race_date'])}",
        )
        for row in rows
        if row["margin_seconds"] is not None and isinstance(row["race_date"], date)
    ]
    return draw_chart(finishes, coverage)
