"""Find drivers, tracks and races by words of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.explorer.browse import browse_lists
from nascar_warehouse.warehouse.read.finding import find_on

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked

_MOST = 20


def show(asked: Asked) -> Answer:
    """The page `/search?q=`; without words it lists what there is to browse."""
    text = asked.text("q")
    found = {}
    notes = []
    for what in ("driver", "track", "race"):
        answer = find_on(asked.snapshot.con, what, text, limit=_MOST) if text else None
        rows = answer.rows if answer else None
        found[what] = [dict(zip(rows.columns, row, strict=True)) for row in rows.values] if rows else []
        if answer and not found[what]:
            notes += [part for part in answer.note.split("; ") if part.startswith("did you mean")]
    lists = {} if text else browse_lists(asked.snapshot)
    return asked.render("search.html", text=text or "", found=found, notes=notes, most=_MOST, lists=lists)
