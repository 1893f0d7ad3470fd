"""The chart of the closest finishes as a file that stands alone: PNG, SVG, or a page of HTML."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.explorer.closest_page import chart_of
from nascar_warehouse.warehouse.explorer.published import Published
from nascar_warehouse.warehouse.explorer.site import Site
from nascar_warehouse.warehouse.read.ranking import coverage_on, explain_empty_on, rank_on
from nascar_warehouse.warehouse.storage.disk import machine_failures

if TYPE_CHECKING:
    from pathlib import Path

    from nascar_warehouse.warehouse.read.ranking import Question
    from nascar_warehouse.warehouse.storage.home import Home

TEMPLATES = {".png": "plot.svg", ".svg": "plot.svg", ".html": "plot.html"}
_PNG_SCALE = 2
_ALL = 1_000_000


def write_plot(home: Home, question: Question, file: Path) -> None:
    """Write the chart of every finish that fits a question, whatever its limit.

    Raises `UsageError` for another ending than .png, .svg or .html and where no finish fits, `MachineFailure` when the
    file cannot be written.
    """
    template = TEMPLATES.get(file.suffix.lower())
    if template is None:
        raise UsageError(f"{file} ends in none of .png, .svg and .html", "name a file such as closest.svg")
    question = replace(question, limit=_ALL)
    with Published(home).open() as snapshot:
        found = rank_on(snapshot.con, question)
        ranked = [dict(zip(found.columns, row, strict=True)) for row in found.values]
        chart = chart_of(snapshot, question, ranked)
        if chart is None:
            raise UsageError("there is no finish to draw", explain_empty_on(snapshot.con, question))
        coverage = str(coverage_on(snapshot.con, question))
    content = Site().render(template, {"chart": chart, "coverage": coverage, "question": question})
    if file.suffix.lower() == ".png":
        import vl_convert

        content = vl_convert.svg_to_png(content.decode(), scale=_PNG_SCALE)
    with machine_failures(file):
        file.write_bytes(content)
